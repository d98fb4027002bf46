#include "sparse_matrix.hpp"

#include <stdexcept>

namespace sparse {

namespace {

[[noreturn]] void not_implemented() { throw std::logic_error("not implemented"); }

}  // namespace

Matrix::Matrix(std::size_t, std::size_t) { not_implemented(); }

Matrix Matrix::from_entries(std::size_t, std::size_t, const std::vector<Entry>&) { not_implemented(); }

std::size_t Matrix::rows() const { not_implemented(); }

std::size_t Matrix::columns() const { not_implemented(); }

std::span<const std::size_t> Matrix::row_starts() const { not_implemented(); }

std::span<const std::size_t> Matrix::column_indices() const { not_implemented(); }

std::span<const double> Matrix::values() const { not_implemented(); }

double Matrix::at(std::size_t, std::size_t) const { not_implemented(); }

void Matrix::set(std::size_t, std::size_t, double) { not_implemented(); }

Matrix& Matrix::operator+=(const Matrix&) { not_implemented(); }

Matrix& Matrix::operator-=(const Matrix&) { not_implemented(); }

Matrix Matrix::operator+(const Matrix&) const { not_implemented(); }

Matrix Matrix::operator-(const Matrix&) const { not_implemented(); }

Matrix Matrix::operator*(const Matrix&) const { not_implemented(); }

Matrix Matrix::operator*(double) const { not_implemented(); }

std::vector<double> Matrix::operator*(const std::vector<double>&) const { not_implemented(); }

Matrix Matrix::transposed() const { not_implemented(); }

bool Matrix::operator==(const Matrix&) const { not_implemented(); }

Iterator Matrix::begin() const { not_implemented(); }

Iterator Matrix::end() const { not_implemented(); }

std::ranges::subrange<Iterator> Matrix::row(std::size_t) const { not_implemented(); }

Matrix operator*(double, const Matrix&) { not_implemented(); }

Entry Iterator::operator*() const { not_implemented(); }

Iterator& Iterator::operator++() { not_implemented(); }

Iterator Iterator::operator++(int) { not_implemented(); }

bool Iterator::operator==(const Iterator&) const { not_implemented(); }

}  // namespace sparse
