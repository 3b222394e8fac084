IF EXISTS (
  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`
  WHERE table_name = 'caption_locks'
) THEN
  DELETE FROM `${project}.${dataset}.caption_locks` WHERE TRUE;
END IF;
