#pragma once

#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>
#include <vector>

namespace sparse {

struct Entry {
    std::size_t row;
    std::size_t column;
    double value;

    bool operator==(const Entry&) const = default;
};

class Matrix;

// A walk over the stored values.
class Iterator {
public:
    using iterator_concept = std::forward_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Entry operator*() const;
    Iterator& operator++();
    Iterator operator++(int);
    bool operator==(const Iterator& other) const;
};

// A matrix of doubles in compressed rows.
class Matrix {
public:
    Matrix(std::size_t rows, std::size_t columns);
    static Matrix from_entries(std::size_t rows, std::size_t columns, const std::vector<Entry>& entries);

    Matrix(const Matrix& other) = default;
    Matrix(Matrix&& other) noexcept = default;
    Matrix& operator=(const Matrix& other) = default;
    Matrix& operator=(Matrix&& other) noexcept = default;

    std::size_t rows() const;
    std::size_t columns() const;
    std::span<const std::size_t> row_starts() const;
    std::span<const std::size_t> column_indices() const;
    std::span<const double> values() const;

    double at(std::size_t row, std::size_t column) const;
    void set(std::size_t row, std::size_t column, double value);

    Matrix& operator+=(const Matrix& other);
    Matrix& operator-=(const Matrix& other);
    Matrix operator+(const Matrix& other) const;
    Matrix operator-(const Matrix& other) const;
    Matrix operator*(const Matrix& other) const;
    Matrix operator*(double factor) const;
    std::vector<double> operator*(const std::vector<double>& vector) const;
    Matrix transposed() const;

    bool operator==(const Matrix& other) const;

    Iterator begin() const;
    Iterator end() const;
    std::ranges::subrange<Iterator> row(std::size_t row) const;
};

Matrix operator*(double factor, const Matrix& matrix);

}  // namespace sparse
