#pragma once

#include <cmath>
#include <concepts>
#include <cstdio>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <string>
#include <utility>

// Observations as JSON without white space.
namespace json {

inline std::string text(const std::string& value) {
    std::string result = "\"";
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') result += '\\';
        result += static_cast<unsigned char>(letter) < ' ' ? '?' : letter;
    }
    return result + "\"";
}

inline std::string of(bool value) { return value ? "true" : "false"; }

inline std::string of(const char* value) { return text(value); }

inline std::string of(const std::string& value) { return text(value); }

template <std::integral T>
std::string of(T value) {
    return std::to_string(value);
}

// Numbers that JSON cannot hold become their names.
inline std::string of(double value) {
    if (std::isnan(value)) return text("nan");
    if (std::isinf(value)) return text(value > 0 ? "inf" : "-inf");
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.17g", value);
    const std::string digits = buffer;
    return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}

template <std::ranges::input_range Range>
    requires(!std::convertible_to<Range, std::string>)
std::string of(const Range& range) {
    std::string result;
    for (const auto& element : range) result += (result.empty() ? "" : ",") + of(element);
    return "[" + result + "]";
}

inline std::string object(std::initializer_list<std::pair<std::string, std::string>> members) {
    std::string result;
    for (const auto& [name, value] : members) result += (result.empty() ? "" : ",") + text(name) + ":" + value;
    return "{" + result + "}";
}

}  // namespace json
