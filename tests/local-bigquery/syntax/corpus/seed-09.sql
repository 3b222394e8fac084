SELECT `a.b`.c
