package dev.dyad.socket.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Credentials;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketOptions;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessageExamplesTest {

    private static int lengthOfTheFirst() throws IOException {
        // @start region="message-socket"
        try (SocketPair<MessageSocket> pair = SocketPair.seqpacket()) {
            pair.left().send(UTF_8.encode("first"));
            pair.left().send(UTF_8.encode("second"));

            var message = ByteBuffer.allocate(1024);
            try (Received received = pair.right().receive(message)) {
                return received.length(); // 5: the first message alone
            }
        }
        // @end
    }

    @Test
    void messages_keep_their_boundaries() throws Exception {
        assertThat(lengthOfTheFirst()).isEqualTo(5);
    }

    // @start region="received"
    static @Nullable ByteBuffer next(MessageSocket end, int largest) throws IOException {
        var message = ByteBuffer.allocate(largest);
        try (Received received = end.receive(message)) {
            if (received.isTruncated()) {
                throw new IOException("a message of " + received.fullLength() + " bytes");
            }
            return received.isEnd() ? null : message.flip();
        }
    }
    // @end

    @Test
    void what_is_received_says_whether_it_is_whole_or_the_end() throws Exception {
        try (var pair = SocketPair.seqpacket()) {
            pair.left().send(UTF_8.encode("short"));
            pair.left().send(UTF_8.encode("longer than that"));
            pair.left().close();

            assertThat(next(pair.right(), 5)).isEqualTo(UTF_8.encode("short"));
            assertThatThrownBy(() -> next(pair.right(), 5)).hasMessage("a message of 16 bytes");
            assertThat(next(pair.right(), 5)).isNull();
        }
    }

    @Test
    void many_messages_go_by_one_call() throws Exception {
        List<String> texts = new ArrayList<>();
        try (var pair = SocketPair.seqpacket()) {
            MessageSocket left = pair.left();
            MessageSocket right = pair.right();
            // @start region="message-batch"
            MessageBatch batch = MessageBatch.allocate(32, 1024); // kept, for many calls
            left.send(batch.add(UTF_8.encode("first")).add(UTF_8.encode("second")));

            int count = right.receive(batch.clear()); // waits for one, and takes all that are there
            for (int i = 0; i < count; i++) {
                texts.add(UTF_8.decode(batch.message(i)).toString());
            }
            // @end
        }
        assertThat(texts).containsExactly("first", "second");
    }

    private static @Nullable Credentials sender() throws IOException {
        // @start region="socket-options"
        try (SocketPair<MessageSocket> pair = SocketPair.datagram()) {
            pair.right().setOption(SocketOptions.SO_PASSCRED, true); // before the message is sent
            pair.left().send(UTF_8.encode("it is me"));

            try (Received received = pair.right().receive(ByteBuffer.allocate(1024))) {
                return received.credentials(); // its process, user and group
            }
        }
        // @end
    }

    @Test
    void a_message_says_who_sent_it() throws Exception {
        assertThat(sender()).extracting(Credentials::pid).isEqualTo((int)
                ProcessHandle.current().pid());
    }
}
