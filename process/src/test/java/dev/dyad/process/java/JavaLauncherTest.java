package dev.dyad.process.java;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaLauncherTest {

    @Test
    void an_image_without_a_launcher_is_told_what_is_missing(@TempDir Path image) throws Exception {
        Files.createDirectory(image.resolve("lib"));
        Files.createFile(image.resolve("lib/modules"));

        assertThatThrownBy(() -> JavaLauncher.require(image.resolve("bin/java")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(image + "/bin/java")
                .hasMessageContaining("--jlink-options");
    }
}
