package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Superuser;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.socket.Credentials;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketOptions;
import dev.dyad.socket.UnixAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who the peer is, when it is a process of its own, and another user.
@Timeout(60)
class CredentialsInteropTest {

    private static final int NOBODY = 65534;
    private static final int NO_GROUP = 65533;

    /// Connects, answers one message, and waits for another.
    private static final String PEER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.connect("\\0" + sys.argv[1])
            s.recv(1)
            s.send(b"me")
            s.recv(1)
            """;

    @Test
    void a_peer_that_is_another_process_and_another_user_is_named() throws Exception {
        Superuser.require();
        var name = UnixAddress.ofAbstract(
                "dyad-credentials-" + ProcessHandle.current().pid());
        try (Listener<MessageSocket> listener = Listener.seqpacket(name);
                Child child = asNobody("/usr/bin/python3", "-c", PEER, new String(name.bytes(), UTF_8));
                MessageSocket peer = listener.accept(soon())) {
            var nobody = new Credentials((int) child.pid(), NOBODY, NO_GROUP);
            assertThat(peer.peerCredentials()).isEqualTo(nobody);

            peer.setOption(SocketOptions.SO_PASSCRED, true);
            peer.send(ByteBuffer.allocate(1));
            assertThat(peer.receive(ByteBuffer.allocate(10), soon()).credentials())
                    .isEqualTo(nobody);

            try (Descriptor process = peer.peerProcess()) {
                peer.send(ByteBuffer.allocate(1));
                process.awaitReadable(soon());
            }
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    private static Child asNobody(String... command) throws Exception {
        var line = new ArrayList<>(List.of("--reuid=" + NOBODY, "--regid=" + NO_GROUP, "--clear-groups"));
        line.addAll(List.of(command));
        return Command.of("setpriv", line.toArray(String[]::new))
                .withoutSocket()
                .spawn();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }
}
