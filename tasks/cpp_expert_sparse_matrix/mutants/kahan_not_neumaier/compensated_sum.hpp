#pragma once

#include <cmath>

namespace sparse {

// A running total and what its additions rounded away (Neumaier).
class CompensatedSum {
public:
    void add(double term) {
        const double next = total_ + term;
        if (std::isfinite(next)) {
            lost_ += (total_ - next) + term;
        }
        total_ = next;
    }

    double value() const { return std::isfinite(total_) ? total_ + lost_ : total_; }

private:
    double total_ = 0;
    double lost_ = 0;
};

}  // namespace sparse
