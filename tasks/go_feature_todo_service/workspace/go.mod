module todo

go 1.21
