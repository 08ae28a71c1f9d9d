package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ends say of themselves in messages to people.
class DescriptionTest {

    @Test
    void an_end_says_what_it_is_its_number_and_whether_it_is_closed(@TempDir Path folder) throws Exception {
        try (var pair = SocketPair.stream();
                var messages = SocketPair.datagram();
                var pipe = Pipe.open()) {
            assertDescribed("StreamSocket", pair.left());
            assertDescribed("MessageSocket", messages.left());
            assertDescribed("PipeEnd", pipe.sink());
        }
        assertDescribed("Listener", Listener.stream(UnixAddress.of(folder.resolve("listener"))));
    }

    @Test
    void a_pair_says_which_ends_it_has() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThat(pair).hasToString("SocketPair[" + pair.left() + ", " + pair.right() + "]");
        }
    }

    private static void assertDescribed(String what, Endpoint end) throws IOException {
        int number;
        try (end;
                BorrowedFd fd = end.borrow()) {
            number = fd.fd();
            assertThat(end).hasToString(what + "[" + number + "]");
        }
        assertThat(end).hasToString(what + "[" + number + ", closed]");
    }
}
