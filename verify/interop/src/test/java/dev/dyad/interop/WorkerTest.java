package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The smallest worker in each language: it answers each message with its text in upper case.
@Sampled
@Timeout(120)
class WorkerTest {

    private static final int MOST_LINES = 60;
    private static final int HEAD = 4;

    private static final int TOGETHER = 20;

    @TempDir
    static Path folder;

    @ParameterizedTest
    @EnumSource
    void messages_of_any_size_are_answered_until_the_parent_has_no_more(ChildLanguage language) throws Exception {
        try (Child child = spawn(language)) {
            for (int size : sizes(language)) {
                child.socket().write(message(language, filled(size, 'x')));

                assertHears(child, message(language, filled(size, 'X')));
            }
            for (int i = 0; i < TOGETHER; i++) {
                child.socket()
                        .write(message(
                                language,
                                "the parent, 我是父級進程 😀, %d".formatted(i).getBytes(UTF_8)));
            }
            child.socket().shutdownOutput();

            for (int i = 0; i < TOGETHER; i++) {
                assertHears(
                        child,
                        message(
                                language,
                                "THE PARENT, 我是父級進程 😀, %d".formatted(i).getBytes(UTF_8)));
            }
            assertEnds(child);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_that_is_cut_ends_the_worker_which_says_so(ChildLanguage language) throws Exception {
        ByteBuffer message = message(language, "hello".getBytes(UTF_8));
        assertRefuses(language, message.slice(0, 2));
        assertRefuses(language, message.slice(0, message.limit() - 1));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PYTHON", "SH"})
    void a_message_that_is_cut_after_its_length_ends_the_worker_which_says_so(ChildLanguage language) throws Exception {
        assertRefuses(language, message(language, new byte[1]).slice(0, HEAD));
    }

    @Test
    void python_takes_a_cut_after_the_length_for_the_end() throws Exception {
        try (Child child = spawn(ChildLanguage.PYTHON)) {
            child.socket().write(message(ChildLanguage.PYTHON, new byte[1]).slice(0, HEAD));
            child.socket().shutdownOutput();

            assertEnds(child);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PYTHON", "SH"})
    void a_message_of_two_gibibytes_is_refused(ChildLanguage language) throws Exception {
        assertRefuses(language, longForm());
    }

    @Test
    void python_knows_the_long_form_of_a_length() throws Exception {
        try (Child child = spawn(ChildLanguage.PYTHON)) {
            child.socket().write(longForm());

            assertHears(child, message(ChildLanguage.PYTHON, new byte[] {'A'}));
        }
    }

    @Test
    void a_parent_asks_in_ten_lines() throws Exception {
        try (Child child = spawn(ChildLanguage.PYTHON)) {
            assertThat(ask(child, "hello, 我")).isEqualTo("HELLO, 我");
            assertThat(ask(child, "and more")).isEqualTo("AND MORE");
        }
    }

    // @start region="ask"
    static String ask(Child worker, String question) throws IOException {
        var out = new DataOutputStream(new BufferedOutputStream(worker.socket().outputStream()));
        byte[] request = question.getBytes(UTF_8);
        out.writeInt(request.length);
        out.write(request);
        out.flush(); // in one system call

        var in = new DataInputStream(worker.socket().inputStream());
        return new String(in.readNBytes(in.readInt()), UTF_8);
    }
    // @end

    @ParameterizedTest
    @CsvSource({
        "PYTHON, 0", "PYTHON, 17", "PHP, 0", "PHP, 17", "NODE, 0", "NODE, 17", "RUBY, 0", "RUBY, 17",
        "PERL, 0", "PERL, 17", "C, 0", "C, 17", "GO, 0", "GO, 17", "SH, 0", "SH, 9",
    })
    void a_worker_finds_its_end_under_any_number(ChildLanguage language, int fd) throws Exception {
        try (Child child = language.command(language.worker(), folder).fd(fd).spawn()) {
            child.socket().write(message(language, "hello".getBytes(UTF_8)));

            assertHears(child, message(language, "HELLO".getBytes(UTF_8)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_is_short(ChildLanguage language) throws Exception {
        assertThat(Files.readAllLines(language.worker())).hasSizeLessThan(MOST_LINES);
    }

    @Test
    void a_worker_answers_on_the_channel_of_node() throws Exception {
        Interpreters.require("node");
        try (Child child = Command.of(
                        "node", ChildLanguage.inChildren("worker_ipc.mjs").toString())
                .environment("NODE_CHANNEL_FD", "3")
                .environment("NODE_CHANNEL_SERIALIZATION_MODE", "json")
                .spawn()) {
            for (int i = 0; i < 3; i++) {
                child.socket().write(UTF_8.encode("{\"id\":%d,\"text\":\"hö, 我\"}\n".formatted(i)));

                assertHears(child, UTF_8.encode("{\"id\":%d,\"text\":\"HÖ, 我\"}\n".formatted(i)));
            }
            child.socket().shutdownOutput();

            assertEnds(child);
        }
    }

    @Test
    void each_file_of_the_folder_is_one_that_tests_run() throws Exception {
        List<Path> known = Stream.concat(
                        Stream.of(ChildLanguage.values()).flatMap(each -> Stream.of(each.source(), each.worker())),
                        Stream.of(
                                        "worker_ipc.mjs",
                                        "node_answers.mjs",
                                        "dyad.py",
                                        "numbered.py",
                                        "dyad.mjs",
                                        "numbered.mjs",
                                        "worker_goridge.php",
                                        "worker_faulty.py",
                                        "worker_stdio.py",
                                        "bazel_worker.py")
                                .map(ChildLanguage::inChildren))
                .toList();
        try (Stream<Path> files = Files.list(PhpRuns.ROOT.resolve("children"))) {
            assertThat(files.filter(Files::isRegularFile)).containsExactlyInAnyOrderElementsOf(known);
        }
    }

    private static Child spawn(ChildLanguage language) throws Exception {
        return language.command(language.worker(), folder)
                .stderr(Stdio.lastLines(50))
                .spawn();
    }

    private static void assertRefuses(ChildLanguage language, ByteBuffer bytes) throws Exception {
        try (Child child = spawn(language)) {
            child.socket().write(bytes);
            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(language == ChildLanguage.PERL ? 255 : 1));
            assertThat(child.lastLines()).isNotEmpty();
        }
    }

    private static void assertEnds(Child child) throws Exception {
        assertThat(child.socket().inputStream().readAllBytes()).isEmpty();
        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
    }

    private static void assertHears(Child child, ByteBuffer expected) throws IOException {
        byte[] heard = child.socket().inputStream().readNBytes(expected.remaining());

        assertThat(ByteBuffer.wrap(heard)).isEqualTo(expected);
    }

    /// A shell reads a line byte by byte, which takes seconds for 3 MB.
    private static int[] sizes(ChildLanguage language) {
        return language == ChildLanguage.SH ? new int[] {0, 1, 100_000} : new int[] {0, 1, 100_000, 3_000_000};
    }

    private static byte[] filled(int size, char with) {
        var bytes = new byte[size];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    /// A line for a shell; for all others, the length comes first.
    private static ByteBuffer message(ChildLanguage language, byte[] body) {
        var message = ByteBuffer.allocate(HEAD + body.length);
        return language == ChildLanguage.SH
                ? message.put(body).put((byte) '\n').flip()
                : message.putInt(body.length).put(body).flip();
    }

    /// A message of one byte, with a length as one has it that is too long for four bytes.
    private static ByteBuffer longForm() {
        return ByteBuffer.allocate(HEAD + Long.BYTES + 1)
                .putInt(-1)
                .putLong(1)
                .put((byte) 'a')
                .flip();
    }
}
