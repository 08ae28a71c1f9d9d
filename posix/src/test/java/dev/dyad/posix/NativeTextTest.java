package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bytes of names, whatever the locale.
class NativeTextTest {

    @TempDir
    Path folder;

    /// Each character a byte: what is UTF-8, what is not, and what means something in a URI.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/b",
                "",
                "/",
                "b\u00E9",
                "/\u00E9/\u00FC",
                "../\u00E9",
                "/a/../\u00E9/.",
                "\u00C3\u00BC",
                "%41\u00FF?#;&+ \u0001",
                "/dev/null/\u00E9"
            })
    void a_path_of_bytes_gives_them_back(String bytes) {
        Path path = NativeText.path(bytes.getBytes(ISO_8859_1));

        assertThat(new String(NativeText.bytes(path), ISO_8859_1)).isEqualTo(bytes);
        assertThat(path.isAbsolute()).isEqualTo(bytes.startsWith("/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u00E9", "\u00C3\u00BC", "a\u00C3\u00BC\u00E9b", "\u0080\u00FF"})
    void a_text_of_bytes_gives_them_back(String bytes) {
        String text = NativeText.text(bytes.getBytes(ISO_8859_1));

        assertThat(new String(NativeText.bytes(text), ISO_8859_1)).isEqualTo(bytes);
    }

    @Test
    void bytes_may_stand_among_text() {
        String text = "ü😀" + NativeText.text(new byte[] {'/', (byte) 0xE9}) + "😀";

        assertThat(new String(NativeText.bytes(text), ISO_8859_1))
                .isEqualTo(new String("ü😀/X😀".getBytes(UTF_8), ISO_8859_1).replace('X', '\u00E9'));
    }

    @Test
    void several_slashes_are_one() {
        Path path = NativeText.path("//a//\u00E9//b".getBytes(ISO_8859_1));

        assertThat(new String(NativeText.bytes(path), ISO_8859_1)).isEqualTo("/a/\u00E9/b");
    }

    @Test
    void a_path_is_what_the_jdk_opens() throws Exception {
        Path file = folder.resolve(NativeText.path("l\u00E9".getBytes(ISO_8859_1)));
        Files.createFile(file);

        try (var listed = Files.list(folder)) {
            assertThat(listed).singleElement().satisfies(found -> {
                assertThat(found).isEqualTo(file);
                assertThat(NativeText.bytes(found)).isEqualTo(NativeText.bytes(file));
            });
        }
    }

    @Test
    void a_path_in_an_archive_is_none() throws Exception {
        try (var archive = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> NativeText.bytes(archive.getPath("x")));
        }
    }

    @Test
    void a_variable_is_what_the_jdk_says() {
        assertThat(NativeText.variable("PATH")).isEqualTo(System.getenv("PATH"));
        assertThat(NativeText.variable("dyad.no.such")).isNull();
    }

    @Test
    void a_variable_that_the_process_was_not_started_with_is_not_made_up() {
        byte[] environment = "HOME=/root\0PATH=/bin\0".getBytes(US_ASCII);

        assertThat(NativeText.variable(environment, "HOME")).isEqualTo("/root".getBytes(US_ASCII));
        assertThat(NativeText.variable(environment, "PATH")).isEqualTo("/bin".getBytes(US_ASCII));
        assertThat(NativeText.variable(environment, "ATH")).isNull();
        assertThat(NativeText.variable(new byte[0], "HOME")).isNull();
    }
}
