package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecTest {

    @TempDir
    private Path folder;

    @Test
    void the_launcher_is_told_to_do_without_its_cache_only_where_that_is_measured() throws Exception {
        var exec = new Exec(launcher("echo \"$@ ${DYAD_AOT-unset}\" >>\"${0%/*}/calls\""));

        assertThat(exec.cached()).isPositive();
        assertThat(exec.uncached()).isPositive();

        assertThat(folder.resolve("calls")).hasContent("exec -- true unset\nexec -- true off\n");
    }

    @Test
    void the_launcher_finds_the_end_of_its_input_at_once() throws Exception {
        assertThat(new Exec(launcher("cat")).cached()).isPositive();
    }

    @Test
    void a_launcher_that_fails_gives_no_figure() throws Exception {
        var exec = new Exec(launcher("exit 3"));

        assertThatThrownBy(exec::cached).isInstanceOf(IOException.class).hasMessageEndingWith("exit code 3");
    }

    private Path launcher(String script) throws IOException {
        Path launcher = folder.resolve("dyad");
        Files.writeString(launcher, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }
}
