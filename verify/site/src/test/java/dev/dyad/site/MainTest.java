package dev.dyad.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write_a_page() throws Exception {
        Files.writeString(folder.resolve("index.html"), "<a href=\"https://example.org/\">x</a>");
    }

    private int told() throws Exception {
        return Main.tell(Links.of(folder), folder, printed(out), printed(err));
    }

    private static PrintStream printed(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }

    @Test
    void where_nothing_is_dead_it_says_where_the_site_is_and_writes_a_list_of_links_to_elsewhere() throws Exception {
        assertThat(told()).isZero();
        assertThat(out.toString(UTF_8))
                .contains("0 dead; 1 links to elsewhere", "open " + folder.resolve("index.html"));
        assertThat(folder.resolve("external-links.txt")).hasContent("https://example.org/");
    }

    @Test
    void a_dead_link_is_named_and_exit_code_1() throws Exception {
        Files.writeString(folder.resolve("other.html"), "<a href=\"index.html#none\">x</a>");

        assertThat(told()).isOne();
        assertThat(err.toString(UTF_8)).isEqualTo("leads to nothing: other.html: index.html#none\n");
    }

    @Test
    void a_file_in_the_place_of_the_folder_is_one_sentence_and_exit_code_74() {
        Path file = folder.resolve("index.html");

        assertThat(Main.run(MadeSite.ROOT, file, printed(out), printed(err))).isEqualTo(74);
        assertThat(err.toString(UTF_8)).isEqualTo("dyad site: " + file + ": it is no folder\n");
    }

    @Test
    void a_folder_without_pages_is_one_sentence_and_exit_code_74() {
        assertThat(Main.run(folder, folder.resolve("site"), printed(out), printed(err)))
                .isEqualTo(74);
        assertThat(err.toString(UTF_8))
                .isEqualTo("dyad site: " + folder.resolve("README.md") + ": no such file or folder\n");
    }
}
