BEGIN TRANSACTION;
DELETE FROM `${project}.${dataset}.postings` WHERE text = 'accrual';
INSERT INTO `${project}.${dataset}.postings` (posting, account, amount, text)
SELECT 100000 + posting, account, -amount, 'accrual' FROM `${project}.${dataset}.postings`;
COMMIT TRANSACTION;
