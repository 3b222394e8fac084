-- SPDX-License-Identifier: GPL-3.0-or-later
-- Locks that were held at @backup_time and have not ended by themselves since are held again; all others are gone. A table
-- that the deployment has made is gone with it. They were kept with the backup, or time travel still has them.
IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`
  WHERE table_name = 'caption_locks_kept_${stamp}'
) THEN
  CREATE TEMP TABLE locks_kept AS
  SELECT * FROM `${project}.${dataset}.caption_locks_kept_${stamp}`;

  BEGIN TRANSACTION;
  DELETE FROM `${project}.${dataset}.caption_locks` WHERE TRUE;
  INSERT INTO `${project}.${dataset}.caption_locks`
  SELECT * FROM locks_kept WHERE expires_at > CURRENT_TIMESTAMP();
  COMMIT TRANSACTION;
ELSEIF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`
  WHERE table_name = 'caption_locks' AND creation_time <= @backup_time
) THEN
  CREATE TEMP TABLE locks_then AS
  SELECT * FROM `${project}.${dataset}.caption_locks` FOR SYSTEM_TIME AS OF @backup_time;

  BEGIN TRANSACTION;
  DELETE FROM `${project}.${dataset}.caption_locks` WHERE TRUE;
  INSERT INTO `${project}.${dataset}.caption_locks`
  SELECT * FROM locks_then WHERE expires_at > CURRENT_TIMESTAMP();
  COMMIT TRANSACTION;
END IF;
