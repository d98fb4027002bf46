module tokenbucket

go 1.21
