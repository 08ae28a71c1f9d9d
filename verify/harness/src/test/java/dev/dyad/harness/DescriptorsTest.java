package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class DescriptorsTest {

    @Test
    void an_open_socket_is_listed_and_a_closed_one_is_not() throws Exception {
        var before = Descriptors.open();

        SocketChannel channel = SocketChannel.open();
        var during = Descriptors.open();
        var targets = Descriptors.targets();
        channel.close();

        assertThat(during.values()).extracting(Descriptor::target).containsExactlyElementsOf(targets.values());
        assertThat(during).hasSize(before.size() + 1).containsAllEntriesOf(before);
        assertThat(Descriptors.open()).isEqualTo(before);
    }

    @Test
    void close_on_exec_is_told_apart() throws Exception {
        try (var queue = Selector.open();
                var socket = SocketChannel.open()) {
            assertThat(queue.isOpen() && socket.isOpen()).isTrue();

            // The JDK opens its event queues close-on-exec, and its sockets not.
            assertThat(Descriptors.open().values())
                    .anyMatch(d -> d.target().equals("anon_inode:[eventpoll]") && d.closeOnExec())
                    .anyMatch(d -> d.target().startsWith("socket:") && !d.closeOnExec());
        }
    }

    @Test
    void what_waiting_takes_is_not_held() throws Exception {
        var before = Descriptors.held();

        try (var queue = Selector.open();
                var socket = SocketChannel.open()) {
            assertThat(queue.isOpen() && socket.isOpen()).isTrue();

            assertThat(Descriptors.held()).hasSizeGreaterThan(before.size());
            assertThat(Descriptors.held().values()).noneMatch(target -> target.contains("[event"));
        }
        assertThat(Descriptors.held()).isEqualTo(before);
    }
}
