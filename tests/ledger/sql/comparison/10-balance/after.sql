SELECT account, balance FROM `${project}.${dataset}.control_totals`
