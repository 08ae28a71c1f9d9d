package dev.dyad.process.aot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.Await;
import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import dev.dyad.harness.Superuser;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.process.Talk;
import dev.dyad.process.java.JavaLauncher;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ahead-of-time caches, as a program sees them that starts Java children, and as its folder does.
@Sampled
@Timeout(300)
class AotCacheTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String USED = "-XX:AOTCache=";

    @TempDir
    static Path shared;

    private static List<Path> jars;
    private static Path trained; // a home with a cache for these jars, which no test changes

    @TempDir
    Path home;

    @BeforeAll
    static void a_cache_is_made_beside_the_first_child_and_used_by_the_next() throws Exception {
        jars = AotRuns.jars(Files.createDirectory(shared.resolve("jars")));
        trained = shared.resolve("home");
        try (var out = SocketPair.stream();
                Child parent = AotRuns.parent(jars, trained)
                        .with(1, out.left())
                        .with(2, out.left())
                        .spawn()) {
            out.left().close();

            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").doesNotContain("AOT");
            Await.until(() -> !caches(trained).isEmpty(), PATIENCE);
            assertThat(AotRuns.next(parent, 'n'))
                    .startsWith("1 [")
                    .contains(USED + caches(trained).getFirst());
            assertThat(AotRuns.next(parent, 'h')).startsWith("1 [").doesNotContain("AOT");

            parent.socket().shutdownOutput();
            assertThat(parent.waitFor()).isEqualTo(new Exit.Exited(0));
            assertThat(Talk.readToEnd(out.right())).isEqualTo("stdout of [a, b]\n".repeat(3));
        }
        awaitNothingLeft(trained, 1);
    }

    @Test
    void the_folders_are_only_for_this_user() throws Exception {
        for (Path folder : List.of(trained, trained.resolve("dyad"), trained.resolve("dyad/aot"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void a_jvm_takes_the_classes_of_dyad_and_of_the_program_from_the_cache() throws Exception {
        var line = List.of(
                JavaLauncher.path(),
                USED + caches(trained).getFirst(),
                "-XX:AOTMode=on",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load",
                "-cp",
                AotRuns.joined(jars),
                AotRehearsal.class.getName(),
                AotRuns.Kid.class.getName());

        assertThat(Talk.answer(Command.of(line).fd(1)).lines().filter(one -> one.contains("shared objects file")))
                .anyMatch(one -> one.contains("dev.dyad.process.Inherited "))
                .anyMatch(one -> one.contains("dev.dyad.process.aot.AotRuns$Kid "));
    }

    @Test
    void a_cache_that_is_cut_off_leaves_the_child_as_it_is() throws Exception {
        copyOfTrained();
        Path cache = caches(home).getFirst();
        try (var channel = Files.newByteChannel(cache, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(cache) / 2);
        }

        assertThat(outputOf(AotRuns.parent(jars, home))).isEqualTo("stdout of [a, b]\n");
    }

    @Test
    @NotInShortRuns(value = "a_cache_that_is_cut_off_leaves_the_child_as_it_is", inCi = 0.2)
    void a_jar_that_changes_and_keeps_its_size_and_time_is_seen() throws Exception {
        Path mine = Files.createDirectory(home.resolve("jars"));
        var copies = new ArrayList<Path>();
        for (Path jar : jars) {
            copies.add(Files.copy(jar, mine.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES));
        }
        Path cacheHome = home.resolve(".cache");
        try (Child parent = AotRuns.parent(copies, home, "-Duser.home=" + home)
                .withoutEnvironment("XDG_CACHE_HOME")
                .stdout(Stdio.ignore())
                .spawn()) {
            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").doesNotContain("AOT");
            Await.until(() -> !caches(cacheHome).isEmpty(), PATIENCE);
            assertThat(AotRuns.next(parent, 'n')).contains(USED);

            changeVersion(copies.getFirst());

            assertThat(AotRuns.next(parent, 'n')).startsWith("2 [").doesNotContain("AOT");
            parent.socket().shutdownOutput();
            assertThat(parent.waitFor()).isEqualTo(new Exit.Exited(0));
        }
        awaitNothingLeft(cacheHome, 1);
    }

    /// Replaces the number in the class file, which is stored as it is in the jar.
    private static void changeVersion(Path jar) throws IOException {
        FileTime time = Files.getLastModifiedTime(jar);
        long size = Files.size(jar);
        Path changed = jar.resolveSibling("changed");
        AotRuns.repack(jar, changed);
        assertThat(Files.size(changed)).isEqualTo(size);
        Files.write(jar, Files.readAllBytes(changed));
        Files.setLastModifiedTime(jar, time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "TERM", "KILL"})
    @FirstInShortRuns
    void nothing_is_left_when_the_jvm_ends_in_the_middle(String how) throws Exception {
        Child parent = AotRuns.parent(jars, home).stdout(Stdio.ignore()).spawn();
        try (parent) {
            AotRuns.next(parent, 'n');
            ProcessHandle rehearsing = stopped(parent, "-XX:AOTMode=record");
            List<ProcessHandle> all = Stream.concat(Stream.of(rehearsing), rehearsing.parent().stream())
                    .toList();
            assertThat(all).hasSize(2);

            if (how.equals("exit")) {
                parent.socket().write(UTF_8.encode("x"));
            } else {
                signal(how, parent.pid());
            }

            parent.waitFor();
            Await.until(() -> all.stream().noneMatch(AotCacheTest::isRunning), PATIENCE);
        }
        awaitNothingLeft(home, 0);
    }

    @Test
    void what_trains_has_the_null_device_and_nothing_of_the_program() throws Exception {
        try (Child parent = AotRuns.parent(jars, home).stdout(Stdio.ignore()).spawn()) {
            AotRuns.next(parent, 'n');
            ProcessHandle rehearsing = stopped(parent, "-XX:AOTMode=record");
            ProcessHandle trainer = rehearsing.parent().orElseThrow();

            assertThat(targets(rehearsing)).startsWith("/dev/null", "/dev/null", "/dev/null");
            assertThat(targets(rehearsing)).noneMatch(target -> target.startsWith("socket:"));
            assertThat(targets(trainer)).startsWith("/dev/null", "/dev/null", "/dev/null");
            assertThat(targets(trainer).stream().filter(target -> target.startsWith("socket:")))
                    .hasSize(1);
            assertThat(Files.readString(Path.of("/proc/" + rehearsing.pid() + "/environ")))
                    .doesNotContain("DYAD_FD");
            signal("KILL", rehearsing.pid());
            parent.socket().shutdownOutput();
        }
        awaitNothingLeft(home, 0);
    }

    @Test
    @NotInShortRuns(value = "what_trains_has_the_null_device_and_nothing_of_the_program", inCi = 0.2)
    void one_jvm_trains_once() throws Exception {
        try (Child parent = AotRuns.parent(jars, home).stdout(Stdio.ignore()).spawn()) {
            AotRuns.next(parent, 'n');
            ProcessHandle rehearsing = stopped(parent, "-XX:AOTMode=record");
            AotRuns.next(parent, 'n');
            AotRuns.next(parent, 'n');

            assertThat(descendants(parent, AotTrainer.class.getName())).hasSize(1);
            signal("KILL", rehearsing.pid());
        }
        awaitNothingLeft(home, 0);
    }

    @Test
    @NotInShortRuns(value = "nothing_is_left_when_the_jvm_ends_in_the_middle", inCi = 0.2)
    void what_failed_is_not_tried_again_for_a_day() throws Exception {
        try (Child parent = AotRuns.parent(jars, home).stdout(Stdio.ignore()).spawn()) {
            AotRuns.next(parent, 'n');
            signal("KILL", stopped(parent, "-XX:AOTMode=record").pid());
            Await.until(() -> !marks(home).isEmpty(), PATIENCE);
        }
        awaitNothingLeft(home, 0);

        assertThat(isTraining()).isFalse();
        FileTime twoDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        Files.setLastModifiedTime(marks(home).getFirst(), twoDaysAgo);
        assertThat(isTraining()).isTrue();
        awaitNothingLeft(home, 0);
    }

    /// Returns whether one more JVM tries.
    private boolean isTraining() throws Exception {
        try (Child parent = AotRuns.parent(jars, home).stdout(Stdio.ignore()).spawn()) {
            AotRuns.next(parent, 'n'); // by then it has begun, or never will
            return !descendants(parent, AotTrainer.class.getName()).isEmpty();
        }
    }

    @Test
    @NotInShortRuns(value = "nothing_is_left_when_the_jvm_ends_in_the_middle", inCi = 0.2)
    void a_file_that_may_not_grow_ends_the_training_and_nothing_else() throws Exception {
        List<String> line = new ArrayList<>(List.of("prlimit", "--fsize=4000000"));
        line.addAll(AotRuns.line(jars));

        assertFailsQuietly(Command.of(line).environment("XDG_CACHE_HOME", home.toString()));
    }

    @Test
    @NotInShortRuns(value = "nothing_is_left_when_the_jvm_ends_in_the_middle", inCi = 0.2)
    void a_full_disk_ends_the_training_and_nothing_else() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", home.toString()) == 0);
        try {
            assertFailsQuietly(AotRuns.parent(jars, home));
        } finally {
            assertThat(run("umount", home.toString())).isZero();
        }
    }

    /// Waits until the trainer has come and gone.
    private void assertFailsQuietly(Command command) throws Exception {
        try (Child parent = command.stdout(Stdio.ignore()).spawn()) {
            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").doesNotContain("AOT");
            Await.until(() -> Files.isDirectory(home.resolve("dyad/aot")), PATIENCE);
            Await.until(() -> descendants(parent, AotTrainer.class.getName()).isEmpty(), PATIENCE);
            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").doesNotContain("AOT");
            parent.socket().shutdownOutput();
            assertThat(parent.waitFor()).isEqualTo(new Exit.Exited(0));
        }
        awaitNothingLeft(home, 0);
    }

    @Test
    @NotInShortRuns(value = "the_folders_are_only_for_this_user", inCi = 0.2)
    void a_home_that_is_not_ours_to_write_is_left_alone() throws Exception {
        Superuser.require();
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        var line = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--clear-groups"));
        line.addAll(AotRuns.line(jars));

        try (Child parent = Command.of(line)
                .environment("XDG_CACHE_HOME", home.toString())
                .stdout(Stdio.ignore())
                .spawn()) {
            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").doesNotContain("AOT");
            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").doesNotContain("AOT");
            assertThat(descendants(parent, AotTrainer.class.getName())).isEmpty();
        }
        assertThat(home).isEmptyDirectory();
    }

    @Test
    @NotInShortRuns(value = "why_there_is_no_cache_is_told_once", inCi = 0.2)
    void folders_behind_the_jars_are_skipped_and_a_folder_before_them_is_the_end() throws Exception {
        copyOfTrained();
        Path folder = Files.createDirectory(home.resolve("classes"));
        Files.writeString(folder.resolve("not-empty"), "");
        var behind = new ArrayList<>(jars);
        behind.add(folder);
        var before = new ArrayList<>(behind.reversed());

        assertThat(saidBy(AotRuns.parent(behind, home))).contains(USED);
        assertThat(saidBy(AotRuns.parent(before, home))).startsWith("1 [").doesNotContain("AOT");
    }

    @Test
    void why_there_is_no_cache_is_told_once() throws Exception {
        copyOfTrained();
        Path folder = Files.createDirectory(home.resolve("classes"));
        var before = new ArrayList<>(jars);
        before.addFirst(folder);

        assertThat(toldBy(AotRuns.parent(jars, home))).isEmpty();
        assertThat(toldBy(AotRuns.parent(before, home)))
                .containsOnlyOnce("no ahead-of-time cache for Java children: the JDK keeps no class of a folder")
                .contains("Dyad is not before " + folder);
    }

    /// Returns what it says to its standard error while it starts two children.
    private static String toldBy(Command command) throws Exception {
        try (Child parent =
                command.stdout(Stdio.ignore()).stderr(Stdio.lastLines(100)).spawn()) {
            AotRuns.next(parent, 'n');
            AotRuns.next(parent, 'n');
            parent.socket().shutdownOutput();
            assertThat(parent.waitFor()).isEqualTo(new Exit.Exited(0));
            return String.join("\n", parent.lastLines());
        }
    }

    @Test
    @NotInShortRuns(value = "why_there_is_no_cache_is_told_once", inCi = 0.2)
    void the_property_decides_for_all() throws Exception {
        copyOfTrained();

        assertThat(saidBy(AotRuns.parent(jars, home, "-Ddyad.aot=off"))).doesNotContain(USED);
        assertThat(saidBy(AotRuns.parent(jars, home, "-Downs=1"))).contains(USED);
    }

    private void copyOfTrained() throws IOException {
        Path folder = AotCache.folder(home);
        Path cache = caches(trained).getFirst();
        Files.copy(cache, folder.resolve(cache.getFileName()));
    }

    private static String saidBy(Command command) throws Exception {
        try (Child parent = command.stdout(Stdio.ignore()).spawn()) {
            return AotRuns.next(parent, 'n');
        }
    }

    private static String outputOf(Command command) throws Exception {
        try (var out = SocketPair.stream();
                Child parent =
                        command.with(1, out.left()).stderr(Stdio.ignore()).spawn()) {
            out.left().close();
            assertThat(AotRuns.next(parent, 'n')).startsWith("1 [").contains(USED);
            parent.socket().shutdownOutput();
            assertThat(parent.waitFor()).isEqualTo(new Exit.Exited(0));
            return Talk.readToEnd(out.right());
        }
    }

    private static List<Path> caches(Path home) {
        return files(home).stream()
                .filter(path -> path.toString().endsWith(AotCache.SUFFIX))
                .toList();
    }

    private static List<Path> marks(Path home) {
        return files(home).stream()
                .filter(path -> path.toString().endsWith(AotCache.FAILED))
                .toList();
    }

    private static List<Path> files(Path home) {
        Path folder = home.resolve("dyad/aot");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        } catch (IOException e) {
            return List.of(folder);
        }
    }

    /// Waits until there is nothing but so many caches, and what is noted of failures.
    private static void awaitNothingLeft(Path home, int caches) {
        Await.until(
                () -> files(home).size() == caches + marks(home).size()
                        && caches(home).size() == caches,
                PATIENCE);
    }

    /// Returns the process among those that a parent started which has a word in its command line, held still.
    private static ProcessHandle stopped(Child parent, String word) throws Exception {
        Await.until(() -> !descendants(parent, word).isEmpty(), PATIENCE);
        ProcessHandle found = descendants(parent, word).getFirst();
        signal("STOP", found.pid());
        return found;
    }

    private static List<ProcessHandle> descendants(Child parent, String word) {
        return ProcessHandle.of(parent.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(AotCacheTest::isRunning)
                .filter(process -> commandLine(process).contains(word))
                .toList();
    }

    private static List<String> commandLine(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Not for a zombie, which the process that has become its parent may leave.
    private static boolean isRunning(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> targets(ProcessHandle process) throws IOException {
        var targets = new ArrayList<String>();
        Path folder = Path.of("/proc/" + process.pid() + "/fd");
        try (Stream<Path> all = Files.list(folder)) {
            for (int fd : all.mapToInt(
                            path -> Integer.parseInt(path.getFileName().toString()))
                    .sorted()
                    .toArray()) {
                targets.add(Files.readSymbolicLink(folder.resolve(Integer.toString(fd)))
                        .toString());
            }
        }
        return targets;
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(run("sh", "-c", "kill -" + name + " " + pid)).isZero();
    }

    private static int run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
