CALL a.b()
