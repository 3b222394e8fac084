SELECT collate(a, 'x')
