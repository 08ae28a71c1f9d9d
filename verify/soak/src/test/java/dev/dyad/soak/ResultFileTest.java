package dev.dyad.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {

    @Test
    void a_folder_that_is_not_there_is_told_before_anything_runs(@TempDir Path folder) {
        Path file = folder.resolve("none/soak.json");

        assertThat(complaintOf(file)).isEqualTo("dyad soak: can't write \"" + file + "\": its folder is not there");
    }

    @Test
    void a_full_disk_is_named_with_the_file() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full");

        assertThat(complaintOf(full)).isEqualTo("dyad soak: can't write \"/dev/full\": No space left on device");
    }

    private static String complaintOf(Path path) {
        PrintStream err = System.err;
        var said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(new ResultFile(path).canBeWritten()).isFalse();
        } finally {
            System.setErr(err);
        }
        return said.toString(StandardCharsets.UTF_8).strip();
    }
}
