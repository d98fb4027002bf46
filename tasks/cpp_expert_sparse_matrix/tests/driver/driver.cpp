// Plays one scenario with the matrices under test and prints what it observed as a JSON object.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "json.hpp"
#include "sparse_matrix.hpp"

namespace {

using json::object;
using json::of;
using sparse::Entry;
using sparse::Matrix;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string shape(const Matrix& matrix) {
    return of(std::to_string(matrix.rows()) + "x" + std::to_string(matrix.columns()));
}

std::string layout(const Matrix& matrix) {
    return object({{"shape", shape(matrix)},
                   {"starts", of(matrix.row_starts())},
                   {"columns", of(matrix.column_indices())},
                   {"values", of(matrix.values())}});
}

template <typename Range>
std::string walk(const Range& range) {
    std::vector<std::string> list;
    for (const Entry entry : range) {
        list.push_back(std::to_string(entry.row) + "," + std::to_string(entry.column) + ":" + of(entry.value));
    }
    return of(list);
}

std::string thrown(const std::function<void()>& action) {
    try {
        action();
    } catch (const std::out_of_range&) {
        return of("out_of_range");
    } catch (const std::invalid_argument& error) {
        const std::string said = error.what();
        const bool helpful = said.find("2x3 and 3x2") != std::string::npos ||
                             said.find("2x3 and 2x3") != std::string::npos ||
                             said.find("2x3 and 4x1") != std::string::npos;
        return of(helpful ? "invalid_argument with both shapes" : "invalid_argument: " + said);
    } catch (const std::length_error&) {
        return of("length_error");
    }
    return of("nothing");
}

Matrix sample() { return Matrix::from_entries(2, 3, {{0, 0, 1}, {0, 2, 2}, {1, 1, 3}}); }

std::string builds() {
    const Matrix matrix = Matrix::from_entries(4, 5, {{3, 1, 6}, {0, 4, 2}, {1, 3, 5}, {0, 0, 1}, {3, 0, -7}, {1, 0, 3}});
    return object({{"empty", layout(Matrix(2, 3))}, {"built", layout(matrix)}, {"at_3_1", of(matrix.at(3, 1))},
                   {"at_2_2", of(matrix.at(2, 2))}});
}

std::string duplicates() {
    constexpr double huge = 1e308;
    std::vector<Entry> entries;
    for (std::size_t column = 40; column-- > 0;) {
        entries.push_back({column % 3, column, huge});
        entries.push_back({column % 3, column, -huge});
    }
    for (std::size_t column = 0; column < 40; ++column) entries.push_back({column % 3, column, huge});
    const Matrix alternating = Matrix::from_entries(3, 40, entries);
    const Matrix overflowing = Matrix::from_entries(1, 1, {{0, 0, huge}, {0, 0, huge}, {0, 0, -huge}});
    const Matrix plain = Matrix::from_entries(1, 2, {{0, 1, 1.5}, {0, 0, 4}, {0, 1, 2.25}, {0, 1, -1}});
    return object({{"plain", layout(plain)}, {"alternating", of(alternating.values())},
                   {"overflowing", of(overflowing.values())}});
}

std::string cancels() {
    const Matrix a = sample();
    const Matrix b = Matrix::from_entries(2, 3, {{0, 0, -1}, {1, 1, -3}, {1, 2, 4}});
    const Matrix tiny = Matrix::from_entries(1, 2, {{0, 0, 1e-200}, {0, 1, 1}});
    const Matrix left = Matrix::from_entries(1, 2, {{0, 0, 1}, {0, 1, 1}});
    const Matrix right = Matrix::from_entries(2, 1, {{0, 0, 2}, {1, 0, -2}});
    return object({{"entries", layout(Matrix::from_entries(1, 3, {{0, 0, 2}, {0, 1, -0.0}, {0, 0, -2}, {0, 2, 0.0}}))},
                   {"sum", layout(a + b)}, {"difference", layout(a - a)}, {"product", layout(left * right)},
                   {"underflow", layout(tiny * 1e-200)}, {"times_zero", layout(a * -0.0)}});
}

std::string sets() {
    Matrix matrix(3, 3);
    matrix.set(1, 2, 5);
    matrix.set(1, 0, 4);
    matrix.set(2, 1, 7);
    matrix.set(0, 1, 1);
    const std::string filled = layout(matrix);
    matrix.set(1, 0, 9);
    matrix.set(2, 1, 0.0);
    matrix.set(0, 1, -0.0);
    matrix.set(0, 0, 0.0);
    const std::string changed = layout(matrix);
    matrix.set(2, 2, nan);
    return object({{"filled", filled}, {"changed", changed}, {"with_nan", of(matrix.values())}});
}

std::string outOfRange() {
    Matrix matrix = sample();
    const std::vector<std::string> names = {
        thrown([&] { matrix.at(2, 0); }),
        thrown([&] { matrix.at(0, 3); }),
        thrown([&] { matrix.set(2, 0, 1); }),
        thrown([&] { matrix.set(1, 3, 0); }),
        thrown([&] { matrix.row(2); }),
        thrown([&] { Matrix::from_entries(2, 3, {{0, 0, 1}, {2, 0, 1}}); }),
        thrown([&] { Matrix::from_entries(2, 3, {{0, 3, 0}}); }),
        thrown([&] { Matrix(0, 3).at(0, 0); }),
    };
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
    return object({{"thrown", "[" + all + "]"}, {"after", layout(matrix)}});
}

std::string tooManyRows() {
    return object({{"largest", thrown([] { Matrix(SIZE_MAX, 1); })},
                   {"from_entries", thrown([] { Matrix::from_entries(SIZE_MAX, 1, {}); })},
                   {"columns", thrown([] { Matrix(1, SIZE_MAX); })}});
}

std::string addsItself() {
    Matrix doubled = sample();
    doubled += doubled;
    Matrix gone = sample();
    gone -= gone;
    Matrix sum = sample();
    sum += Matrix::from_entries(2, 3, {{0, 1, 5}, {1, 0, 6}, {1, 2, 7}});
    const Matrix wide = Matrix::from_entries(2, 3, {{0, 1, infinity}, {1, 0, 4}});
    Matrix squared = Matrix::from_entries(2, 2, {{0, 1, 2}, {1, 0, 3}, {1, 1, 1}});
    squared = squared * squared;
    return object({{"doubled", layout(doubled)}, {"gone", layout(gone)}, {"sum", layout(sum)},
                   {"difference", layout(sample() - wide)}, {"infinite", of((wide - wide).values())},
                   {"squared", layout(squared)}});
}

std::string mismatches() {
    Matrix matrix = sample();
    const Matrix other = sample().transposed();
    const std::string names[] = {
        thrown([&] { matrix += other; }), thrown([&] { matrix -= other; }), thrown([&] { matrix + other; }),
        thrown([&] { matrix - other; }),  thrown([&] { matrix * matrix; }),
        thrown([&] { matrix * std::vector<double>(4); }),
    };
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
    return object({{"thrown", "[" + all + "]"}, {"after", layout(matrix)}});
}

std::string products() {
    const Matrix a = Matrix::from_entries(3, 4, {{0, 3, 2}, {0, 0, 1}, {2, 1, -3}, {2, 2, 5}});
    const Matrix b = Matrix::from_entries(4, 3, {{0, 2, 4}, {3, 0, 6}, {1, 1, 2}, {2, 1, 1}, {2, 0, 1}});
    const Matrix matrix = sample();
    return object({{"ab", layout(a * b)}, {"ba", layout(b * a)}, {"vector", of(matrix * std::vector<double>{2, 5, -1})},
                   {"right", of((matrix * 2.0).values())}, {"left", of((0.5 * matrix).values())},
                   {"shape", shape(2.0 * matrix)}});
}

std::string compensates() {
    const Matrix row = Matrix::from_entries(1, 4, {{0, 0, 1e100}, {0, 1, 1}, {0, 2, -1e100}, {0, 3, 1}});
    const Matrix ones = Matrix::from_entries(4, 1, {{3, 0, 1}, {2, 0, 1}, {1, 0, 1}, {0, 0, 1}});
    std::vector<Entry> tenths(1000, Entry{0, 0, 0.1});
    const Matrix duplicates = Matrix::from_entries(
        1, 2, {{0, 0, 1}, {0, 1, 3}, {0, 0, 1e100}, {0, 0, 1}, {0, 0, -1e100}, {0, 1, 1e17}, {0, 1, -3}, {0, 1, -1e17}});
    return object({{"product", layout(row * ones)}, {"vector", of(row * std::vector<double>{1, 1, 1, 1})},
                   {"duplicates", layout(duplicates)}, {"tenths", of(Matrix::from_entries(1, 1, tenths).values())}});
}

std::string infinities() {
    const Matrix row = Matrix::from_entries(1, 3, {{0, 0, 1}, {0, 2, 1}});
    const Matrix pair = Matrix::from_entries(3, 4, {{0, 0, infinity}, {2, 0, 1}, {1, 1, infinity}, {2, 1, 2},
                                                    {0, 2, infinity}, {2, 2, -infinity}, {2, 3, nan}});
    const Matrix huge = Matrix::from_entries(1, 3, {{0, 0, 1e308}, {0, 1, 1e308}, {0, 2, -1e308}});
    return object({{"product", layout(row * pair)}, {"vector", of(row * std::vector<double>{infinity, nan, 1})},
                   {"overflow", of(huge * std::vector<double>{1, 1, 1})},
                   {"duplicates", of(Matrix::from_entries(1, 1, {{0, 0, 1}, {0, 0, -infinity}, {0, 0, 2}}).values())},
                   {"times_zero", of((pair * 0.0).values())}, {"nan_equals_itself", of(pair == pair)},
                   {"equal", of(row == Matrix::from_entries(1, 3, {{0, 2, 1}, {0, 0, 1}}))},
                   {"other_shape", of(Matrix(1, 2) == Matrix(1, 3))}});
}

std::string transposes() {
    const Matrix matrix = Matrix::from_entries(3, 5, {{0, 4, 1}, {2, 0, 2}, {2, 4, 3}, {0, 1, 4}});
    return object({{"once", layout(matrix.transposed())}, {"twice_is_equal", of(matrix.transposed().transposed() == matrix)},
                   {"no_rows", layout(Matrix(0, 2).transposed())}});
}

std::string iterates() {
    const Matrix matrix = Matrix::from_entries(6, 3, {{1, 2, 1}, {1, 0, 2}, {4, 1, 3}});
    auto first = matrix.begin();
    auto second = first;
    const auto before = second++;
    const bool kept = before == first && second != first && *first == Entry{1, 0, 2} && *second == Entry{1, 2, 1};
    return object({{"all", walk(matrix)}, {"row_1", walk(matrix.row(1))}, {"row_3", walk(matrix.row(3))},
                   {"row_4", walk(matrix.row(4))}, {"row_5", walk(matrix.row(5))}, {"none", walk(Matrix(3, 3))},
                   {"steps_keep_copies", of(kept)}, {"distance", of(std::ranges::distance(matrix))},
                   {"forward", of(std::forward_iterator<sparse::Iterator>)}});
}

std::string emptyShapes() {
    return object({{"none", layout(Matrix(0, 0))}, {"inner", layout(Matrix(3, 0) * Matrix(0, 2))},
                   {"outer", layout(Matrix(0, 3) * Matrix(3, 0))}, {"sum", layout(Matrix(0, 3) + Matrix(0, 3))},
                   {"vector", of(Matrix(2, 0) * std::vector<double>{})}});
}

std::string moves() {
    Matrix source = sample();
    const Matrix taken = std::move(source);
    const std::string left = layout(source), walked = walk(source);
    source = sample();
    Matrix assigned(1, 1);
    assigned = std::move(source);
    return object({{"taken", layout(taken)}, {"left", left}, {"walked", walked},
                   {"assigned_is_equal", of(assigned == taken)}, {"left_again", layout(source)}});
}

std::string large() {
    constexpr std::size_t size = 100'000;
    std::vector<Entry> entries;
    for (std::size_t row = 0; row < size; ++row) {
        entries.push_back({row, row, 2});
        if (row > 0) entries.push_back({row, row - 1, -1});
        if (row + 1 < size) entries.push_back({row, row + 1, -1});
    }
    const Matrix matrix = Matrix::from_entries(size, size, entries);
    const Matrix square = matrix * matrix;
    return object({{"stored", of(square.values().size())}, {"at_500_498", of(square.at(500, 498))},
                   {"at_500_499", of(square.at(500, 499))}, {"at_0_0", of(square.at(0, 0))},
                   {"at_500_500", of(square.at(500, 500))}, {"symmetric", of(square == square.transposed())},
                   {"difference", of((square - square).values().size())}});
}

const std::map<std::string, std::string (*)()> scenarios = {
    {"builds_compressed_rows_from_entries_in_any_order", builds},
    {"sums_duplicates_in_the_order_given", duplicates},
    {"drops_what_cancels_to_zero", cancels},
    {"sets_and_removes_single_values", sets},
    {"rejects_indices_out_of_range", outOfRange},
    {"rejects_a_row_count_that_cannot_be_stored", tooManyRows},
    {"adds_and_subtracts_even_itself", addsItself},
    {"mismatched_shapes_throw_and_change_nothing", mismatches},
    {"multiplies_matrices_vectors_and_numbers", products},
    {"compensates_sums_that_cancel", compensates},
    {"infinities_follow_plain_addition", infinities},
    {"transposes", transposes},
    {"iterates_row_by_row_past_empty_rows", iterates},
    {"empty_shapes_work", emptyShapes},
    {"moving_leaves_an_empty_matrix", moves},
    {"large_products_stay_sparse", large},
};

}  // namespace

int main(int, char** arguments) {
    const int out = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    const std::string line = "\n" + scenarios.at(arguments[1])() + "\n";
    return write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) ? 0 : 1;
}
