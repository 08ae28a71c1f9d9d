package dev.dyad.process.spawn;

import dev.dyad.posix.NativeText;

/// The name or the number of a user or a group, for programs that are told of it.
///
/// What they take for a number is more than that: with blanks and a sign before it, and of whatever size, of which
/// 32 bits are left. So `4294967296` would be the superuser.
public final class AccountName {

    /// One more is -1 to the kernel, which means that nothing changes.
    private static final long LARGEST = 0xFFFF_FFFEL;

    private AccountName() {}

    /// Returns a name as it is, and a number without zeros before it.
    ///
    /// Whether the system knows it, is found out where it is needed.
    ///
    /// @throws IllegalArgumentException if it cannot be either
    public static String require(String account) {
        NativeText.require(account);
        if (account.matches("[0-9]+")) {
            String number = account.replaceFirst("^0+(?=.)", "");
            if (number.length() <= Long.toString(LARGEST).length() && Long.parseLong(number) <= LARGEST) {
                return number;
            }
        } else if (!account.isEmpty() && isBeginning(account.codePointAt(0))) {
            return account;
        }
        throw new IllegalArgumentException("not the name of a user or a group, nor its number, which is 0 to " + LARGEST
                + " in decimal digits: \"" + account + "\"");
    }

    /// Returns whether a name may begin so: not as an option does, nor as what stands before a number.
    private static boolean isBeginning(int character) {
        return character != '+'
                && character != '-'
                && !Character.isWhitespace(character)
                && !Character.isSpaceChar(character);
    }
}
