package dev.dyad.process.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.process.Command;
import dev.dyad.process.Output;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EachNumberClosedTest {

    @Test
    void numbers_are_closed_one_by_one_only_before_glibc_2_34() throws Exception {
        Output version = Command.of("getconf", "GNU_LIBC_VERSION").output();
        assumeTrue(version.isSuccess(), "glibc");
        int[] numbers = Pattern.compile("\\d+")
                .matcher(version.text())
                .results()
                .mapToInt(number -> Integer.parseInt(number.group()))
                .toArray();
        boolean can = Arrays.compare(numbers, new int[] {2, 34}) >= 0;

        assertThat(EachNumberClosed.isNeeded(false)).isEqualTo(!can);
    }

    @Test
    void the_other_way_can_be_forced() {
        assertThat(EachNumberClosed.isNeeded(true)).isTrue();
    }
}
