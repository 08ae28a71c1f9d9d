package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ControlDataTest {

    private static final Platform OS = Platforms.current();

    @Test
    void what_follows_the_one_that_a_reader_fails_at_is_closed() {
        try (var arena = Arena.ofConfined()) {
            long space = CMsgHdr.space(Integer.BYTES);
            MemorySegment control = arena.allocate(2 * space);
            CMsgHdr.set(control, 0, OS.SOL_SOCKET(), OS.SCM_CREDENTIALS(), Integer.BYTES);
            int descriptor = Fcntl.fcntl(new CallState(arena), 1, OS.F_DUPFD_CLOEXEC(), 0);
            CMsgHdr.set(control, space, OS.SOL_SOCKET(), OS.SCM_RIGHTS(), Integer.BYTES);
            control.set(ValueLayout.JAVA_INT, space + CMsgHdr.dataOffset(), descriptor);
            MemorySegment header = arena.allocate(MsgHdr.LAYOUT);
            MsgHdr.setControl(header, control, control.byteSize());

            assertThatThrownBy(() -> ControlData.read(header, control, (_, _, _) -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(Descriptors.open()).doesNotContainKey(descriptor);
        }
    }
}
