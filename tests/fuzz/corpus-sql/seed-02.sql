SET @@time_zone = 'x'
