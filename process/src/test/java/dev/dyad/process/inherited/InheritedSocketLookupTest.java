package dev.dyad.process.inherited;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptor;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Sampled;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Inherited;
import dev.dyad.process.Stdio;
import dev.dyad.process.TakesItsEnd;
import dev.dyad.process.Talk;
import dev.dyad.process.spawn.Environment;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ways in which a process learns of its end, each by a parent that keeps to it.
@Sampled
@Timeout(120)
class InheritedSocketLookupTest {

    /// Starts the program behind its first argument with one end of a pair, and prints what it hears at the other.
    private static final String PARENT = """
            import os, socket, sys
            kind = sys.argv[1]
            if kind == "inet":
                listener = socket.create_server(("127.0.0.1", 0))
                ours = socket.create_connection(listener.getsockname())
                theirs = listener.accept()[0]
            else:
                ours, theirs = socket.socketpair()
            child = os.fork()
            if child == 0:
                number = 0 if kind in ("inetd", "inet") else 3
                os.dup2(theirs.fileno(), 100)
                os.dup2(100, number)
                os.closerange(3 if number == 0 else 4, 200)
                if kind == "node":
                    os.environ["NODE_CHANNEL_FD"] = "3"
                if kind == "manager":
                    os.environ["LISTEN_FDS"] = "1"
                    os.environ["LISTEN_PID"] = str(os.getpid())
                os.execvp(sys.argv[2], sys.argv[2:])
            theirs.close()
            ours.settimeout(60)
            heard = b""
            while piece := ours.recv(4096):
                heard += piece
            print(heard.decode(), end="", flush=True)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """;

    /// Says by its end how many descriptors are that socket, what its standard input is now, and the rest.
    static final class Says {
        public static void main(String[] arguments) throws Exception {
            StreamSocket end = Inherited.socket();
            System.out.println("what is printed");
            String socket = "socket:[" + Inherited.inode(end) + "]";
            List<Descriptor> same = Descriptors.open().values().stream()
                    .filter(one -> one.target().equals(socket))
                    .toList();
            end.write(UTF_8.encode("%d, close-on-exec %s, again %s, stdin %s"
                    .formatted(
                            same.size(),
                            same.getFirst().closeOnExec(),
                            Inherited.socket() == end,
                            Objects.requireNonNull(Descriptors.open().get(0)).target())));
            end.close();
            System.out.println(Descriptors.open().values().stream()
                            .filter(one -> one.target().equals(socket))
                            .count()
                    + " left");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "manager", "inetd", "inet"})
    @FirstInShortRuns
    void an_end_is_found_as_each_kind_of_parent_gives_it(String kind) throws Exception {
        var result = probe(Says.class).under("python3", "-c", PARENT, kind).run();

        assertThat(result.errText()).isEmpty();
        assertThat(result.outText())
                .contains("what is printed\n")
                .contains("0 left\n")
                .contains("1, close-on-exec true, again true, stdin "
                        + (kind.startsWith("inet") ? "/dev/null" : "pipe:"));
        assertThat(result.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @FirstInShortRuns
    void an_end_in_the_place_of_a_standard_stream_moves_and_nothing_that_is_printed_gets_into_it(int fd)
            throws Exception {
        var command = Command.of(probe(Says.class).command()).fd(fd);
        command = fd == 0 ? command : command.stdin(Stdio.ignore());
        command = fd == 1 ? command : command.stdout(Stdio.ignore());

        assertThat(Talk.answer(command)).isEqualTo("1, close-on-exec true, again true, stdin /dev/null");
    }

    /// Says on stdout what it was told.
    static final class Refused {
        public static void main(String[] arguments) throws Exception {
            try (var pair = SocketPair.stream();
                    var borrowed = pair.left().borrow()) {
                assertThat(borrowed.fd()).isGreaterThan(2);
                var variables = Map.of("NODE_CHANNEL_FD", Integer.toString(borrowed.fd()));
                System.out.println(new InheritedSocketLookup(variables).end());
            } catch (IllegalStateException e) {
                System.out.println(e.toString().replaceAll("[0-9]+", "N"));
            }
        }
    }

    @Test
    void a_number_that_a_grandparent_left_is_passed_over_whatever_it_is_by_now() throws Exception {
        var result = probe(Refused.class).run();

        assertThat(result.outText())
                .contains(": this process was given no end: NODE_CHANNEL_FD is N, which is no end"
                        + " of a pair that another process made; LISTEN_FDS passes nothing to this process; ");
    }

    @Test
    void a_leftover_of_node_does_not_hide_what_a_service_manager_passes() throws Exception {
        var result = probe(Says.class)
                .environment("NODE_CHANNEL_FD", "17")
                .under("python3", "-c", PARENT, "manager")
                .run();

        assertThat(result.outText()).contains("1, close-on-exec true, again true");
    }

    @Test
    void a_leftover_of_ours_does_not_hide_the_channel_of_node() throws Exception {
        assertThat(withLeftover("node").outText()).contains("1, close-on-exec true, again true");
    }

    @Test
    void a_leftover_of_ours_is_refused_before_the_standard_input_is_asked() throws Exception {
        assertThat(withLeftover("inetd").errText())
                .contains("SystemCallException: fstat: descriptor 17: Bad file descriptor (EBADF)");
    }

    private static JavaProbe.Result withLeftover(String kind) throws Exception {
        return probe(Says.class)
                .environment(InheritedSocketLookup.FD, "17")
                .environment(InheritedSocketLookup.INODE, "1")
                .under("python3", "-c", PARENT, kind)
                .run();
    }

    /// Says back what it hears, without a native call.
    static final class WithoutNativeAccess {
        public static void main(String[] arguments) throws Exception {
            try {
                StreamSocket end = Inherited.socket();
                ByteBuffer heard = ByteBuffer.allocate(5);
                while (heard.hasRemaining() && end.read(heard) >= 0) {}
                end.write(heard.flip());
                end.write(UTF_8.encode(Inherited.socket() == end ? " again" : ""));
                end.close();
            } catch (UnsupportedOperationException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void without_native_access_descriptor_zero_is_a_channel_of_the_jdk() throws Exception {
        var probe = probe(WithoutNativeAccess.class).withoutNativeAccess().options("-Ddyad.platform=none");
        try (Child child = Command.of(probe.command()).fd(0).spawn()) {
            child.socket().write(UTF_8.encode("hello"));

            assertThat(Talk.readToEnd(child.socket())).isEqualTo("hello again");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
        assertThat(probe.run().outText()).isEqualTo("-Ddyad.platform=none, and descriptor 0 is no connected socket\n");
    }

    /// Starts a child by `ProcessBuilder`, as it is and with the variables hidden.
    static final class StartsByProcessBuilder {
        public static void main(String[] arguments) throws Exception {
            Inherited.socket();
            var builder = new ProcessBuilder(arguments).inheritIO();
            if (builder.start().waitFor() == 0) {
                Inherited.hide(builder.environment());
                System.exit(builder.start().waitFor());
            }
        }
    }

    @Test
    void what_a_process_builder_passes_on_is_refused_and_can_be_hidden() throws Exception {
        String[] fails = probe(TakesItsEnd.class).command().toArray(String[]::new);
        try (var out = SocketPair.stream();
                Child child = Command.of(
                                probe(StartsByProcessBuilder.class, fails).command())
                        .with(1, out.left())
                        .spawn()) {
            out.left().close();

            assertThat(Talk.readToEnd(out.right()).lines())
                    .satisfiesExactly(
                            one -> assertThat(one).startsWith("SystemCallException: fstat: descriptor 3: "),
                            two -> assertThat(two).isEqualTo("as before"),
                            three -> assertThat(three)
                                    .startsWith("IllegalStateException: this process was given no end: "),
                            four -> assertThat(four).isEqualTo("as before"));
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void every_variable_that_tells_of_a_descriptor_is_hidden_and_no_other() {
        var environment = new HashMap<>(Map.of(
                InheritedSocketLookup.FD,
                "3",
                InheritedSocketLookup.INODE,
                "1",
                "NODE_CHANNEL_FD",
                "4",
                "LISTEN_FDS",
                "1",
                "NOTIFY_SOCKET",
                "@",
                "PATH",
                "/bin",
                "DYAD_FDS",
                "kept"));

        Inherited.hide(environment);

        assertThat(environment).containsOnlyKeys("PATH", "DYAD_FDS");
    }

    @Test
    void a_channel_that_is_not_connected_is_no_end() throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThatThrownBy(() -> StreamSocket.adopt(channel)).isInstanceOf(NotYetConnectedException.class);
            assertThat(channel.isOpen()).isTrue();
        }
    }

    /// A probe that is not told of an end of the test's own JVM.
    private static JavaProbe probe(Class<?> main, String... arguments) {
        var probe = JavaProbe.of(main, arguments);
        Environment.OURS_ONLY.forEach(probe::withoutEnvironment);
        return probe;
    }
}
