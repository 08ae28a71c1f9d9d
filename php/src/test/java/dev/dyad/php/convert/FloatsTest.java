package dev.dyad.php.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.php.Face;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatsTest extends Face {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "5, 5",
        "50, 50",
        "1.5, 1.5",
        "-1.5, -1.5",
        "0.0001, 0.0001",
        "0.00001, 1.0E-5",
        "0.000012, 1.2E-5",
        "0.1, 0.1",
        "10000000000000, 10000000000000",
        "99999999999999, 99999999999999",
        "100000000000000, 1.0E+14",
        "4294967297.9, 4294967297.9",
        "18446744073709551616, 1.844674407371E+19",
        "1e300, 1.0E+300",
        "-1e19, -1.0E+19",
        "0.30000000000000004, 0.3",
        "Infinity, INF",
        "-Infinity, -INF"
    })
    void a_float_is_written_as_php_writes_it(double number, String text) {
        assertThat(Floats.text(number)).isEqualTo(text);
        assertThat(warnings).isEmpty();
    }

    @Test
    void what_does_not_fit_is_told() {
        assertThat(Floats.toLong(0x1p63)).isEqualTo(Long.MIN_VALUE);
        assertThat(Floats.toLong(-0x1p63)).isEqualTo(Long.MIN_VALUE);
        assertThat(Floats.toLong(1e19)).isEqualTo(-8446744073709551616L);
        assertThat(Floats.toLong(Double.NaN)).isZero();
        assertThat(Floats.toLong(-1.9)).isEqualTo(-1);
        assertThat(Floats.text(Double.NaN)).isEqualTo("NAN");

        assertThat(warnings)
                .containsExactly(
                        "The float 9.223372036854776E+18 is not representable as an int, cast occurred",
                        "The float 1.0E+19 is not representable as an int, cast occurred",
                        "The float NAN is not representable as an int, cast occurred",
                        "unexpected NAN value was coerced to string");
    }
}
