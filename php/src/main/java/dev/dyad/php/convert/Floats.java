package dev.dyad.php.convert;

import dev.dyad.php.error.Errors;
import java.math.BigDecimal;
import java.math.MathContext;

/// PHP's floats, as text and as integers.
final class Floats {

    /// How many digits `(string) $float` has, PHP's `precision`.
    private static final int PRECISION = 14;

    /// How many a warning has at most.
    private static final int ROUND_TRIP = 17;

    /// Below this a number is written with an exponent.
    private static final int LEAST_EXPONENT = -4;

    private static final double OUT_OF_RANGE = 0x1p63;

    private Floats() {}

    /// Returns what `(string) $float` is.
    static String text(double number) {
        if (Double.isNaN(number)) {
            Errors.warn("unexpected NAN value was coerced to string");
        }
        return text(number, PRECISION);
    }

    /// Returns what `(int) $float` is: without its fraction, and what is out of range wraps.
    static long toLong(double number) {
        boolean fits = number >= -OUT_OF_RANGE && number < OUT_OF_RANGE;
        if (!fits) {
            Errors.warn("The float " + text(number, ROUND_TRIP) + " is not representable as an int, cast occurred");
        }
        return Double.isFinite(number) ? new BigDecimal(number).toBigInteger().longValue() : 0;
    }

    private static String text(double number, int precision) {
        if (Double.isNaN(number)) {
            return "NAN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "INF" : "-INF";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        BigDecimal rounded =
                BigDecimal.valueOf(number).round(new MathContext(precision)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < LEAST_EXPONENT || exponent >= precision
                ? scientific(rounded, exponent)
                : rounded.toPlainString();
    }

    private static String scientific(BigDecimal number, int exponent) {
        String digits = number.unscaledValue().abs().toString();
        return (number.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + "."
                + (digits.length() == 1 ? "0" : digits.substring(1))
                + (exponent < 0 ? "E-" : "E+")
                + Math.abs(exponent);
    }
}
