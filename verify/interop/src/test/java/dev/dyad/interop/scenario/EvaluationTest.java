package dev.dyad.interop.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.interop.scenario.Evaluation.Argument;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {

    private final Values values = new Values();

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\0',
            value = {
                "7 # 7",
                "-2147483649 # -2147483649",
                "1.5 # 1.5",
                "null # null",
                "true # true",
                "FIVE | 2 # 7",
                "\"a\\n\\x00\\xff\" # \"a\\x0a\\x00\\xff\"",
                "'sec' # \"sec\"",
                "[1, \"k\" => [2], 7 => 3, 4] # [0 => 1, \"k\" => [0 => 2], 7 => 3, 8 => 4]",
                "$list[1] # 20",
                "$list[1][2] # null",
                "$missing[0] # null",
            })
    void a_literal_is_what_it_is_in_php(String text, String shown) throws Exception {
        assertThat(values.show("", evaluated(text))).isEqualTo(shown);
    }

    @Test
    void only_a_variable_may_be_passed_by_reference() throws Exception {
        assertThat(evaluated("call($list, $list[0], 5)")).isEqualTo("call(list, null, null)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 5", "\"\\q\"", "$", "5x"})
    void what_is_not_understood_is_an_error(String text) {
        assertThatThrownBy(() -> evaluated(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Object evaluated(String text) throws Exception {
        return new Evaluation(text, new Surroundings()).value();
    }

    private static final class Surroundings implements Evaluation.Surroundings {

        @Override
        public Object variable(String name) {
            return name.equals("list") ? Map.of(0L, 10L, 1L, 20L) : null;
        }

        @Override
        public Object constant(String name) {
            return 5L;
        }

        @Override
        public Object call(String function, List<Argument> arguments) {
            return function + "(" + arguments.get(0).variable() + ", "
                    + arguments.get(1).variable() + ", " + arguments.get(2).variable() + ")";
        }
    }
}
