package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Sampled
@Timeout(120)
class LauncherTest {

    private static final Path REAL = Path.of(System.getProperty("java.home"));
    private static final String ERASED = "\r\033[K";

    @TempDir
    private Path folder;

    private FakeTree tree;

    @BeforeAll
    @Timeout(300)
    static void the_real_tree_is_built() throws Exception {
        assertThat(Launcher.dyad("--version").run().code()).isZero();
    }

    @BeforeEach
    void plant() throws Exception {
        tree = new FakeTree(folder);
    }

    // -- Finding a JDK

    @Test
    void JAVA_HOME_is_taken_when_it_is_new_enough() throws Exception {
        assertVersion(tree.built().dyad("--version").run());
    }

    @Test
    void an_older_JAVA_HOME_is_passed_over_for_a_newer_one_in_the_path() throws Exception {
        Path home = jdk(folder.resolve("17"), "17.0.15", true);

        assertVersion(tree.built()
                .dyad("--version")
                .with("JAVA_HOME", home.toString())
                .with("PATH", folder.resolve("bin") + ":" + REAL.resolve("bin"))
                .run());
    }

    @Test
    void a_link_in_the_path_is_followed_to_its_JDK() throws Exception {
        Files.createSymbolicLink(folder.resolve("bin/java"), REAL.resolve("bin/java"));

        assertVersion(tree.built().dyad("--version").without("JAVA_HOME").run());
    }

    @Test
    void the_usual_folders_come_last() throws Exception {
        Path usual = Files.createDirectories(folder.resolve("jvm"));
        jdk(usual.resolve("1-old"), "1.8.0_402", true);
        Files.createSymbolicLink(usual.resolve("2-new"), REAL);

        assertVersion(tree.built()
                .dyad("--version")
                .with("JAVA_HOME", "/nowhere")
                .with("DYAD_JDKS", "/nowhere:" + usual)
                .run());
    }

    @Test
    void the_folders_of_a_mac_are_looked_into() throws Exception {
        Path bundle = Files.createDirectories(folder.resolve("jvm/temurin.jdk/Contents"));
        Files.createSymbolicLink(bundle.resolve("Home"), REAL);

        assertVersion(tree.built()
                .dyad("--version")
                .without("JAVA_HOME")
                .with("DYAD_JDKS", folder.resolve("jvm").toString())
                .run());
    }

    @Test
    void one_that_is_too_old_is_named_when_there_is_no_other() throws Exception {
        Path home = jdk(folder.resolve("17"), "17.0.15", true);

        assertMissing(withoutJdk().with("JAVA_HOME", home.toString()).run(), "found: 17.0.15 in " + home);
    }

    @Test
    void a_new_one_without_javac_is_not_enough() throws Exception {
        Path home = jdk(folder.resolve("jre"), "25.0.1", false);

        assertMissing(withoutJdk().with("JAVA_HOME", home.toString()).run(), "25.0.1 in " + home + ", without javac");
    }

    @Test
    void that_there_is_none_at_all_is_one_sentence() throws Exception {
        assertMissing(withoutJdk().run(), "found: none");
        assertMissing(withoutJdk().with("PATH", "").run(), "found: none");
    }

    private Launcher withoutJdk() {
        return tree.dyad("--version").without("JAVA_HOME").with("DYAD_JDKS", "/nowhere");
    }

    private static void assertMissing(Launcher.Run run, String found) {
        assertThat(run.code()).isEqualTo(69);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("dyad: needs a JDK 25 or newer")
                .contains(found)
                .hasLineCount(1);
    }

    private static void assertVersion(Launcher.Run run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.text()).startsWith("Dyad ").hasLineCount(1);
        assertThat(run.code()).isZero();
    }

    private static Path jdk(Path home, String version, boolean javac) throws Exception {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String program : javac ? List.of("java", "javac") : List.of("java")) {
            Path file = Files.writeString(home.resolve("bin").resolve(program), "#!/bin/sh\nexit 99\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return home;
    }

    // -- Building

    @Test
    @NotInShortRuns(value = "what_is_not_built_is_built_once", inCi = 0.2)
    void a_build_shows_its_progress_on_a_terminal_and_takes_it_away() throws Exception {
        Launcher.Run run = tree.dyad("--version").onTerminal().run();

        assertThat(run.code()).isZero();
        assertThat(run.text())
                .containsSubsequence("building… ", "training… ", ERASED + "Dyad ")
                .endsWith("\r\n");
    }

    @Test
    void what_is_not_built_is_built_once() throws Exception {
        assertVersion(tree.dyad("--version").run());
        assertVersion(tree.dyad("--version").run());

        assertThat(tree.builds()).isOne();
        assertThat(tree.rest()).isEmpty();
        assertThat(tree.launched()).isDirectoryContaining("glob:**/dyad.aot");
    }

    @Test
    @NotInShortRuns(value = "what_is_not_built_is_built_once", inCi = 0.2)
    void what_is_older_than_its_sources_is_built_again() throws Exception {
        tree.dyad("--version").run();
        Path source = Files.writeString(tree.root().resolve("socket/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));

        assertVersion(tree.dyad("--version").run());

        assertThat(tree.builds()).isEqualTo(2);
    }

    @Test
    @NotInShortRuns(value = "what_is_not_built_is_built_once", inCi = 0.2)
    void launchers_at_the_same_time_build_once() throws Exception {
        List<Started> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(tree.dyad("exec", "--", "true")
                    .with("PATH", folder.resolve("bin") + ":/usr/bin:/bin")
                    .start());
        }
        for (Started process : all) {
            try (process) {
                assertThat(process.waitFor()).isZero();
            }
        }
        assertThat(tree.builds()).isOne();
        assertThat(tree.rest()).isEmpty();
    }

    @Test
    void a_build_neither_reads_our_input_nor_writes_to_our_output() throws Exception {
        tree.maven("cat; echo Maven was here; " + FakeTree.COPY);

        Launcher.Run run =
                tree.dyad("exec", "--", "/bin/sh", "-c", "/bin/cat <&3 >&3").run("mine".getBytes(UTF_8));

        assertThat(run.text()).isEqualTo("mine");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void a_build_that_fails_says_what_Maven_said() throws Exception {
        tree.maven("echo 'Main.java: no such thing'; exit 1");

        Launcher.Run run = tree.dyad("exec", "--", "true").run();

        assertThat(run.code()).isEqualTo(70);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        Main.java: no such thing
                        dyad: the build failed, for the reason that Maven gives above
                        """);
        assertThat(tree.rest()).isEmpty();
    }

    @Test
    void a_build_of_the_benchmarks_that_fails_says_so_and_what_Maven_may_have_needed() throws Exception {
        tree.built();
        tree.maven("echo 'no such thing'; exit 1");
        String last = "dyad: the build of verify/bench failed, for the reason that Maven gives above\n";

        Launcher.Run run = tree.dyad("bench", "pair").run();
        Launcher.Run poor = tree.dyad("bench", "pair").withDescriptors(128).run();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("no such thing\n" + last);
        assertThat(poor.code()).isEqualTo(1);
        assertThat(poor.err())
                .isEqualTo("no such thing\n" + last
                        + "dyad: Maven needs some 200 descriptors, and may have 128 (ulimit -n)\n");
    }

    @Test
    void a_build_that_is_ended_together_with_the_launcher_is_no_failure_and_is_awaited() throws Exception {
        tree.built();
        tree.maven("exec 2>/dev/null; trap '/bin/sleep 0.5; echo gone >gone; exit 143' TERM; echo building;"
                + " while :; do /bin/sleep 0.05; done");
        try (Started launcher = tree.dyad("bench", "pair").inItsOwnSession().start()) {
            var lines = new BufferedReader(new InputStreamReader(launcher.err(), UTF_8));
            assertThat(lines.readLine()).isEqualTo("building");

            assertThat(new ProcessBuilder("kill", "-TERM", "--", "-" + launcher.pid())
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(launcher.waitFor()).isEqualTo(143);
            assertThat(tree.root().resolve("gone")).exists();
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void that_Maven_is_missing_is_one_sentence() throws Exception {
        tree.withoutMaven();

        Launcher.Run run = tree.dyad("--version").run();

        assertThat(run.code()).isEqualTo(69);
        assertThat(run.err()).startsWith("dyad: needs Maven").hasLineCount(1);
    }

    @Test
    @NotInShortRuns(value = "what_is_not_built_is_built_once", inCi = 0.2)
    void where_there_is_no_Maven_the_wrapper_in_the_tree_builds() throws Exception {
        tree.wrapper(FakeTree.COPY);
        tree.withoutMaven();

        assertVersion(tree.dyad("--version").run());

        assertThat(tree.builds()).isOne();
    }

    // -- The AOT cache

    @Test
    @NotInShortRuns(value = "a_cache_of_another_tree_is_done_without_in_silence", inCi = 0.2)
    void a_cache_that_is_damaged_is_done_without_in_silence() throws Exception {
        tree.dyad("--version").run();
        Path cache = tree.launched().resolve("dyad.aot");
        byte[] bytes = Files.readAllBytes(cache);
        for (int length : new int[] {0, 1, 100, bytes.length / 2}) {
            Files.write(cache, Arrays.copyOf(bytes, length));
            assertVersion(tree.dyad("--version").run());
        }
        Arrays.fill(bytes, 0, 4096, (byte) 0x5a);
        Files.write(cache, bytes);
        assertVersion(tree.dyad("--version").run());
    }

    @Test
    void a_cache_of_another_tree_is_done_without_in_silence() throws Exception {
        tree.dyad("--version").run();
        Path real = Launcher.ROOT.resolve("target/launcher/dyad.aot");
        Files.write(tree.launched().resolve("dyad.aot"), Files.readAllBytes(real));

        assertVersion(tree.dyad("--version").run());
    }

    @Test
    @NotInShortRuns(value = "a_cache_of_another_tree_is_done_without_in_silence", inCi = 0.2)
    void a_tree_that_has_no_cache_works() throws Exception {
        tree.dyad("--version").run();
        Files.delete(tree.launched().resolve("dyad.aot"));

        assertVersion(tree.dyad("--version").run());
        assertThat(tree.builds()).isOne();
    }

    // -- Being called

    @Test
    void it_may_be_called_by_a_link_from_any_folder() throws Exception {
        tree.built();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a tree 樹/dyad"));

        assertVersion(Launcher.of(link, "--version")
                .only(Map.of(
                        "JAVA_HOME",
                        REAL.toString(),
                        "PATH",
                        folder.resolve("bin").toString()))
                .run());
    }

    @Test
    void nothing_asked_for_is_a_usage_error() throws Exception {
        Launcher.Run run = Launcher.dyad().run();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(2).contains("Usage: ./dyad ");
    }
}
