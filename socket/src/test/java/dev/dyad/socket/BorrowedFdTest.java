package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BorrowedFdTest {

    @Test
    void a_number_of_ones_own_is_lent_to_a_message_and_given_back_once() throws Exception {
        var returned = new AtomicInteger();
        try (var pair = SocketPair.stream();
                var memory = Descriptor.memory("lent");
                BorrowedFd number = memory.borrow()) {
            DescriptorSource own = () -> BorrowedFd.of(number.fd(), returned::incrementAndGet);

            pair.left().send(ByteBuffer.allocate(1), List.of(own));

            assertThat(returned).hasValue(1);
            try (Received received = pair.right().receive(ByteBuffer.allocate(1), 1)) {
                assertThat(received.descriptors()).hasSize(1);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // the second close is what is tested
    void the_second_close_does_nothing() {
        var returned = new AtomicInteger();
        try (BorrowedFd lent = BorrowedFd.of(0, returned::incrementAndGet)) {
            lent.close();
        }

        assertThat(returned).hasValue(1);
    }

    @Test
    void no_number_is_lent_that_is_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> BorrowedFd.of(-1, () -> {}));
    }
}
