#include "sparse_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "compensated_sum.hpp"

namespace sparse {

namespace {

std::size_t checked_rows(std::size_t rows) {
    if (rows == SIZE_MAX) throw std::length_error("too many rows");
    return rows;
}

std::string shape(std::size_t rows, std::size_t columns) {
    return std::to_string(rows) + "x" + std::to_string(columns);
}

void require(bool fits, const std::string& left, const std::string& right) {
    if (!fits) throw std::invalid_argument("shapes do not fit: " + left + " and " + right);
}

}  // namespace

Matrix::Matrix(std::size_t rows, std::size_t columns)
    : rows_(checked_rows(rows)), columns_(columns), starts_(rows + 1) {}

Matrix Matrix::from_entries(std::size_t rows, std::size_t columns, const std::vector<Entry>& entries) {
    Matrix result(rows, columns);
    for (const Entry& entry : entries) result.check(entry.row, entry.column);
    std::vector<Entry> sorted = entries;
    const auto position = [](const Entry& entry) { return std::tuple(entry.row, entry.column); };
    std::ranges::stable_sort(sorted, {}, position);
    for (auto next = sorted.begin(); next != sorted.end();) {
        const auto [row, column, first] = *next;
        CompensatedSum sum;
        for (; next != sorted.end() && position(*next) == std::tuple(row, column); ++next) sum.add(next->value);
        result.append(column, sum.value());
        result.starts_[row + 1] = result.values_.size();
    }
    for (std::size_t row = 0; row < rows; ++row) {
        result.starts_[row + 1] = std::max(result.starts_[row], result.starts_[row + 1]);
    }
    return result;
}

std::size_t Matrix::rows() const { return rows_; }

std::size_t Matrix::columns() const { return columns_; }

std::span<const std::size_t> Matrix::row_starts() const { return starts_; }

std::span<const std::size_t> Matrix::column_indices() const { return indices_; }

std::span<const double> Matrix::values() const { return values_; }

double Matrix::at(std::size_t row, std::size_t column) const {
    check(row, column);
    const auto last = indices_.begin() + starts_[row + 1];
    const auto found = std::lower_bound(indices_.begin() + starts_[row], last, column);
    return found != last && *found == column ? values_[found - indices_.begin()] : 0.0;
}

void Matrix::set(std::size_t row, std::size_t column, double value) {
    check(row, column);
    const auto last = indices_.begin() + starts_[row + 1];
    const auto place = std::lower_bound(indices_.begin() + starts_[row], last, column);
    const auto offset = place - indices_.begin();
    const bool stored = place != last && *place == column;
    if (stored && value != 0) {
        values_[offset] = value;
    } else if (stored) {
        indices_.erase(place);
        values_.erase(values_.begin() + offset);
        for (std::size_t later = row + 1; later <= rows_; ++later) --starts_[later];
    } else if (value != 0) {
        indices_.insert(place, column);
        values_.insert(values_.begin() + offset, value);
        for (std::size_t later = row + 1; later <= rows_; ++later) ++starts_[later];
    }
}

Matrix& Matrix::operator+=(const Matrix& other) { return *this = combined(other, 1.0); }

Matrix& Matrix::operator-=(const Matrix& other) { return *this = combined(other, -1.0); }

Matrix Matrix::operator+(const Matrix& other) const { return combined(other, 1.0); }

Matrix Matrix::operator-(const Matrix& other) const { return combined(other, -1.0); }

Matrix Matrix::operator*(const Matrix& other) const {
    require(columns_ == other.rows_, shape(rows_, columns_), shape(other.rows_, other.columns_));
    Matrix result(rows_, other.columns_);
    std::vector<CompensatedSum> sums(other.columns_);
    std::vector<bool> touched(other.columns_);
    std::vector<std::size_t> columns;
    for (std::size_t row = 0; row < rows_; ++row) {
        for (std::size_t left = starts_[row]; left < starts_[row + 1]; ++left) {
            const std::size_t inner = indices_[left];
            for (std::size_t right = other.starts_[inner]; right < other.starts_[inner + 1]; ++right) {
                const std::size_t column = other.indices_[right];
                if (!touched[column]) columns.push_back(column);
                touched[column] = true;
                sums[column].add(values_[left] * other.values_[right]);
            }
        }
        std::ranges::sort(columns);
        for (const std::size_t column : columns) {
            result.append(column, sums[column].value());
            sums[column] = {};
            touched[column] = false;
        }
        columns.clear();
        result.starts_[row + 1] = result.values_.size();
    }
    return result;
}

Matrix Matrix::operator*(double factor) const {
    Matrix result(rows_, columns_);
    for (std::size_t row = 0; row < rows_; ++row) {
        for (std::size_t place = starts_[row]; place < starts_[row + 1]; ++place) {
            result.append(indices_[place], values_[place] * factor);
        }
        result.starts_[row + 1] = result.values_.size();
    }
    return result;
}

std::vector<double> Matrix::operator*(const std::vector<double>& vector) const {
    require(columns_ == vector.size(), shape(rows_, columns_), shape(vector.size(), 1));
    std::vector<double> result(rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
        CompensatedSum sum;
        for (std::size_t place = starts_[row]; place < starts_[row + 1]; ++place) {
            sum.add(values_[place] * vector[indices_[place]]);
        }
        result[row] = sum.value();
    }
    return result;
}

Matrix Matrix::transposed() const {
    Matrix result(columns_, rows_);
    result.indices_.resize(indices_.size());
    result.values_.resize(values_.size());
    for (const std::size_t column : indices_) ++result.starts_[column + 1];
    for (std::size_t row = 0; row < columns_; ++row) result.starts_[row + 1] += result.starts_[row];
    std::vector<std::size_t> next(result.starts_.begin(), result.starts_.end());
    for (const Entry& entry : *this) {
        const std::size_t place = next[entry.column]++;
        result.indices_[place] = entry.row;
        result.values_[place] = entry.value;
    }
    return result;
}

bool Matrix::operator==(const Matrix& other) const {
    return rows_ == other.rows_ && columns_ == other.columns_ && starts_ == other.starts_ &&
           indices_ == other.indices_ && values_ == other.values_;
}

Iterator Matrix::begin() const { return Iterator(*this, 0, 0); }

Iterator Matrix::end() const { return Iterator(*this, rows_, values_.size()); }

std::ranges::subrange<Iterator> Matrix::row(std::size_t row) const {
    if (row >= rows_) throw std::out_of_range("no row " + std::to_string(row));
    return {Iterator(*this, row, starts_[row]), Iterator(*this, row, starts_[row + 1])};
}

Matrix operator*(double factor, const Matrix& matrix) { return matrix * factor; }

void Matrix::append(std::size_t column, double value) {
    if (value == 0) return;
    indices_.push_back(column);
    values_.push_back(value);
}

void Matrix::check(std::size_t row, std::size_t column) const {
    if (row >= rows_ || column >= columns_) {
        throw std::out_of_range("no position " + std::to_string(row) + ", " + std::to_string(column));
    }
}

Matrix Matrix::combined(const Matrix& other, double sign) const {
    require(rows_ == other.rows_ && columns_ == other.columns_, shape(rows_, columns_),
            shape(other.rows_, other.columns_));
    Matrix result(rows_, columns_);
    for (std::size_t row = 0; row < rows_; ++row) {
        std::size_t left = starts_[row], right = other.starts_[row];
        const std::size_t left_end = starts_[row + 1], right_end = other.starts_[row + 1];
        while (left < left_end || right < right_end) {
            const std::size_t left_column = left < left_end ? indices_[left] : columns_;
            const std::size_t right_column = right < right_end ? other.indices_[right] : columns_;
            const std::size_t column = std::min(left_column, right_column);
            double value = left_column == column ? values_[left++] : 0.0;
            if (right_column == column) value += sign * other.values_[right++];
            result.append(column, value);
        }
        result.starts_[row + 1] = result.values_.size();
    }
    return result;
}

Iterator::Iterator(const Matrix& matrix, std::size_t row, std::size_t position)
    : matrix_(&matrix), row_(row), position_(position) {
    skip_finished_rows();
}

Entry Iterator::operator*() const {
    return {row_, matrix_->indices_[position_], matrix_->values_[position_]};
}

Iterator& Iterator::operator++() {
    ++position_;
    skip_finished_rows();
    return *this;
}

Iterator Iterator::operator++(int) {
    Iterator before = *this;
    ++*this;
    return before;
}

bool Iterator::operator==(const Iterator& other) const { return position_ == other.position_; }

void Iterator::skip_finished_rows() {
    while (row_ < matrix_->rows_ && matrix_->starts_[row_ + 1] <= position_) ++row_;
}

}  // namespace sparse
