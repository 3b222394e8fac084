SELECT a[0].*
