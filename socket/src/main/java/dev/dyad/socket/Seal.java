package dev.dyad.socket;

import dev.dyad.posix.Platforms;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/// What nobody can do any more with memory that has this seal, by any descriptor.
///
/// A seal is there for good, unless the memory is new: no process can take it away.
///
/// {@snippet file="dev/dyad/socket/examples/DescriptorExamplesTest.java" region="seal"}
///
/// @see Descriptor#memory(String, long, Seal...)
/// @see <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(2), file sealing</a>
public enum Seal {
    /// Nobody makes it shorter, so that what is mapped of it stays there.
    SHRINK(Platforms.current().F_SEAL_SHRINK()),

    /// Nobody makes it longer.
    GROW(Platforms.current().F_SEAL_GROW()),

    /// Nobody writes to it: what is in it stays as it is. It cannot be added while somebody has mapped it to
    /// write.
    WRITE(Platforms.current().F_SEAL_WRITE()),

    /// Nobody writes to it but by what was mapped before.
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
