package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scripts by which a release is looked at, in a clone of their own: they build in its folder `target`.
@Timeout(300)
class ReleaseTest {

    @TempDir
    Path clone;

    @BeforeEach
    void clone_without_tags() throws Exception {
        assumeTrue(Files.exists(PhpRuns.ROOT.resolve(".git")), "not a clone");
        run("git", "clone", "-q", "--no-tags", PhpRuns.ROOT.toString(), clone.toString());
    }

    private PhpRuns.Output script(String name, String... arguments) throws Exception {
        String[] command = new String[1 + arguments.length];
        command[0] = clone.resolve("verify/release", name).toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return PhpRuns.run(command);
    }

    private static void run(String... command) throws Exception {
        PhpRuns.Output output = PhpRuns.run(command);
        assertThat(output.exit()).as(output.toString()).isZero();
    }

    @Test
    void without_a_release_there_is_nothing_to_compare_the_api_with() throws Exception {
        PhpRuns.Output output = script("compare-api");

        assertThat(output.out()).contains("nothing has been released yet");
        assertThat(output.exit()).isZero();
    }

    @Test
    void a_release_that_there_is_not_is_a_mistake() throws Exception {
        PhpRuns.Output output = script("compare-api", "v0.0.0");

        assertThat(output.toString()).contains("there is no commit 'v0.0.0'");
        assertThat(output.exit()).isEqualTo(2);
    }

    @Test
    void a_module_that_there_is_not_is_a_mistake_as_well() throws Exception {
        PhpRuns.Output output = script("compare-jars", "nosuch");

        assertThat(output.err()).isEqualTo("compare-jars: there is no module 'nosuch'\n");
        assertThat(output.exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compare-api", "compare-jars"})
    void each_says_what_it_does(String name) throws Exception {
        PhpRuns.Output output = script(name, "--help");

        assertThat(output.out())
                .contains("verify/release/" + name + " [", "Exits with 0 if ")
                .doesNotContain("#");
        assertThat(output.exit()).isZero();
    }

    @Test
    @EnabledIfSystemProperty(named = "dyad.length", matches = "long", disabledReason = "it builds twice")
    void a_method_that_is_gone_breaks_who_called_it() throws Exception {
        Path type = clone.resolve("socket/src/main/java/dev/dyad/socket/Deadline.java");
        String before = Files.readString(type);
        Files.writeString(
                type, before.replaceFirst("}\\s*$", "\n    /// Is there once.\n    public void once() {}\n}\n"));
        commit();
        Files.writeString(type, before);
        commit();

        PhpRuns.Output output = script("compare-api", "HEAD~1");

        assertThat(output.toString()).contains("Deadline.once()", "METHOD_REMOVED");
        assertThat(output.exit()).isEqualTo(1);
    }

    private void commit() throws Exception {
        String who = "user.name=Nobody";
        String where = "user.email=nobody@example.com";
        run("git", "-C", clone.toString(), "-c", who, "-c", where, "commit", "-qam", "change");
    }

    @Test
    @EnabledIfSystemProperty(named = "dyad.length", matches = "long", disabledReason = "it builds twice")
    void the_jars_of_a_module_that_is_built_twice_are_the_same_bytes() throws Exception {
        PhpRuns.Output output = script("compare-jars", "socket");

        assertThat(output.exit()).as(output.toString()).isZero();
        assertThat(output.out().lines())
                .filteredOn(line -> line.contains("/dyad-socket-"))
                .hasSize(3)
                .allMatch(line -> line.startsWith("same"));
        Path built = clone.resolve("target/release/jars/first/socket/target");
        assertThat(built.resolve("dyad-socket-0.1.0-sources.jar")).isRegularFile();
        assertThat(built.resolve("dyad-socket-0.1.0-javadoc.jar")).isRegularFile();
        assertThat(built.resolve("bom.json")).content().contains("CycloneDX", "dyad-posix");
    }
}
