package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesWireTest {

    @Test
    void a_line_feed_ends_a_message() {
        assertThat(((Wire.Delimited) Wire.lines()).delimiter()).isEqualTo((byte) '\n');
    }

    @Test
    void each_wire_is_one_object_with_a_name_of_its_own() {
        assertThat(Wires.all()).containsExactlyInAnyOrderElementsOf(Wires.all().toList());
        assertThat(Wires.all().map(Object::toString))
                .contains("lines")
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(-[a-z]+)*[124]?"));
    }
}
