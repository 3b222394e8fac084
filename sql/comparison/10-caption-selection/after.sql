BEGIN
  DECLARE v_selected INT64 DEFAULT NULL;
  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', 'micro', v_selected);
END;
