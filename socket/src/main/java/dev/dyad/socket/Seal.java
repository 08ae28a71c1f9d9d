package dev.dyad.socket;

import dev.dyad.posix.Platforms;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/// Something that nobody can do any more with memory that has this seal, through any descriptor.
///
/// A seal stays for good: no process can take it away.
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="seal"}
///
/// @see Descriptor#memory(String, long, Seal...)
/// @see <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(2), file sealing</a>
public enum Seal {
    /// Nobody makes the memory shorter, so that what is mapped of it stays there.
    SHRINK(Platforms.current().F_SEAL_SHRINK()),

    /// Nobody makes it longer.
    GROW(Platforms.current().F_SEAL_GROW()),

    /// Nobody writes to it: what is in it stays as it is. This seal cannot be added while the memory is
    /// mapped to be written.
    WRITE(Platforms.current().F_SEAL_WRITE()),

    /// Nobody writes to it, except through what was mapped before.
    FUTURE_WRITE(Platforms.current().F_SEAL_FUTURE_WRITE()),

    /// Nobody adds a seal.
    SEAL(Platforms.current().F_SEAL_SEAL());

    private final int bit;

    Seal(int bit) {
        this.bit = bit;
    }

    static int bits(Collection<Seal> seals) {
        int bits = 0;
        for (Seal seal : seals) {
            bits |= seal.bit;
        }
        return bits;
    }

    static Set<Seal> of(int bits) {
        Set<Seal> seals = EnumSet.noneOf(Seal.class);
        for (Seal seal : values()) {
            if ((bits & seal.bit) != 0) {
                seals.add(seal);
            }
        }
        return seals;
    }
}
