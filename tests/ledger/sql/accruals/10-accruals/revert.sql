DELETE FROM `${project}.${dataset}.postings` WHERE text = 'accrual';
