package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A command that tells what it has on its descriptors, which are chosen at random, and what that should be.
final class Gift implements Closeable {

    private static final List<Integer> NUMBERS = List.of(3, 4, 5, 6, 7, 8, 9, 42, 200);
    private static final String PIPE = "pipe:\\[\\d+]";
    private static final String SOCKET = "socket:\\[\\d+]";

    private final Random random;
    private final Path file;
    private final SocketPair<StreamSocket> pair = SocketPair.stream();
    private final SortedMap<Integer, String> expected = new TreeMap<>(); // regular expressions
    private final Command command;
    private final boolean socketIsOutput;
    private @Nullable Integer twin;

    /// @param command what tells of its descriptors on its standard output
    Gift(Command command, Random random, Path file) throws IOException {
        this.command = command;
        this.random = random;
        this.file = file;
        var numbers = new ArrayList<>(NUMBERS);
        Collections.shuffle(numbers, random);
        socketIsOutput = random.nextBoolean();
        giveStreams(socketIsOutput ? 1 : numbers.removeLast());
        for (int number : numbers.subList(0, random.nextInt(5))) {
            give(number);
        }
    }

    Command command() {
        return command;
    }

    boolean isSocketTheOutput() {
        return socketIsOutput;
    }

    SortedSet<Integer> numbers() {
        return new TreeSet<>(expected.keySet());
    }

    void verify(Map<Integer, String> told) {
        expected.forEach((number, what) -> assertThat(told.get(number)).matches(what));
        if (twin != null) {
            assertThat(told.get(twin)).isEqualTo(told.get(2));
        }
    }

    @Override
    public void close() throws IOException {
        pair.close();
    }

    private void giveStreams(int socket) {
        var _ = command.stdin(Stdio.ignore()).stderr(Stdio.lastLines(3)).fd(socket);
        if (!socketIsOutput) {
            give(1, Stdio.pipe(), PIPE);
        }
        expected.put(socket, SOCKET);
        expected.put(0, "/dev/null");
        expected.put(2, PIPE);
    }

    private void give(int number) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> give(number, Stdio.pipe(), PIPE);
            case 1 -> give(number, Stdio.pipeToChild(), PIPE);
            case 2 -> give(number, Stdio.pair(), SOCKET);
            case 3 -> give(number, Stdio.ignore(), "/dev/null");
            case 4 -> give(number, Stdio.file(file, StandardOpenOption.READ), file.toString());
            case 5 -> give(number, Stdio.of(pair.left()), linkTo(pair.left()));
            case 6 -> give(number, Stdio.of(pair.right()), linkTo(pair.right()));
            default -> {
                twin = number;
                give(number, Stdio.sameAs(2), PIPE);
            }
        }
    }

    private void give(int number, Stdio what, String expression) {
        var _ = command.with(number, what);
        expected.put(number, expression);
    }

    private static String linkTo(StreamSocket end) throws IOException {
        try (var fd = end.borrow()) {
            return Pattern.quote(Talk.link(fd.fd()));
        }
    }
}
