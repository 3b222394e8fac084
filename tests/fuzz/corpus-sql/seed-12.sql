SELECT * FROM a . b
