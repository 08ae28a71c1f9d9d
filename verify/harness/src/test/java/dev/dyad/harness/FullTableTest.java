package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FullTableTest {

    static final class Fills {
        public static void main(String[] arguments) throws Exception {
            FullTable.load(FullTable.class);
            try (var table = FullTable.fill()) {
                System.out.print(opens());
                table.freeLowest(1);
                System.out.print(opens());
            }
            try (var table = FullTable.fill()) {
                table.freeHighest(1);
                System.out.print(opens());
            }
            System.out.print(opens());
        }

        private static String opens() {
            try (var file = Files.newByteChannel(Path.of("/dev/null"))) {
                return file.isOpen() ? "yes " : "";
            } catch (IOException e) {
                return "no ";
            }
        }
    }

    @Test
    void no_descriptor_is_left_until_one_is_freed() throws Exception {
        assertThat(JavaProbe.of(Fills.class).descriptors(64).run().outText()).isEqualTo("no yes yes yes ");
    }
}
