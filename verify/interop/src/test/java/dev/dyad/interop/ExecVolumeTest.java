package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.TestLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ExecVolumeTest {

    private static final long MIB = 1 << 20;
    private static final long SIZE = TestLength.of(600) * MIB + 4093;
    private static final long ALLOWED_KIB = 256 * 1024;

    @Test
    void much_passes_byte_for_byte_in_constant_memory() throws Exception {
        try (Started process = dyad("exec", "--", "sh", "-c", "cat <&3 >&3").start()) {
            var read = new FutureTask<>(() -> checksum(process.out(), MIB));
            Thread.ofPlatform().start(read);

            long written = write(process.in());
            long peak = peakKib(process.pid());
            process.in().close();

            assertThat(read.get()).isEqualTo(written);
            assertThat(process.waitFor()).isZero();
            assertThat(peak).isBetween(1L, ALLOWED_KIB);
        }
    }

    private static long write(OutputStream out) throws IOException {
        var random = new SplittableRandom(SIZE);
        var sum = new CRC32C();
        var block = new byte[(int) MIB];
        random.nextBytes(block);
        for (long left = SIZE; left > 0; left -= block.length) {
            block[random.nextInt(block.length)]++;
            int length = (int) Math.min(left, block.length);
            sum.update(block, 0, length);
            out.write(block, 0, length);
        }
        out.flush();
        return sum.getValue() ^ SIZE;
    }

    private static long checksum(InputStream in, long blockSize) throws IOException {
        var sum = new CRC32C();
        var block = new byte[(int) blockSize];
        long size = 0;
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            sum.update(block, 0, n);
            size += n;
        }
        return sum.getValue() ^ size;
    }

    /// The most memory that a process has ever had resident.
    private static long peakKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
