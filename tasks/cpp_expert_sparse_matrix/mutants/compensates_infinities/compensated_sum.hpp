#pragma once

#include <cmath>

namespace sparse {

// A running total and what its additions rounded away (Neumaier).
class CompensatedSum {
public:
    void add(double term) {
        const double next = total_ + term;
        lost_ += std::abs(total_) >= std::abs(term) ? (total_ - next) + term : (term - next) + total_;
        total_ = next;
    }

    double value() const { return total_ + lost_; }

private:
    double total_ = 0;
    double lost_ = 0;
};

}  // namespace sparse
