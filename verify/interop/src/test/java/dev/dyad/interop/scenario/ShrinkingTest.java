package dev.dyad.interop.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkingTest {

    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    @Test
    void what_is_needed_stays_in_its_order() throws Exception {
        assertThat(Shrinking.shrink(HUNDRED, list -> list.containsAll(List.of(97, 3, 50))))
                .containsExactly(3, 50, 97);
    }

    @Test
    void one_element_is_the_least() throws Exception {
        assertThat(Shrinking.shrink(HUNDRED, list -> true)).hasSize(1);
        assertThat(Shrinking.shrink(List.of(7), list -> true)).containsExactly(7);
    }

    @Test
    void what_is_all_needed_stays_whole() throws Exception {
        assertThat(Shrinking.shrink(HUNDRED, list -> list.size() == 100)).isEqualTo(HUNDRED);
    }
}
