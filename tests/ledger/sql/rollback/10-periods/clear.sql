DELETE FROM `${project}.${dataset}.closed_periods` WHERE TRUE;
