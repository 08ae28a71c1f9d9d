package dev.dyad.php;

/// What may be asked of a lookup, with Linux's numbers, which PHP's manual speaks in.
interface AddressConstants {

    /// An address to bind.
    int AI_PASSIVE = 1;

    /// The proper name, too.
    int AI_CANONNAME = 2;

    /// The host is an address.
    int AI_NUMERICHOST = 4;

    /// IPv4 addresses as IPv6 ones, where there are no others.
    int AI_V4MAPPED = 8;

    /// IPv4 addresses as IPv6 ones, in any case.
    int AI_ALL = 16;

    /// Of the families that this machine has.
    int AI_ADDRCONFIG = 32;

    /// The host is in characters of any language.
    int AI_IDN = 64;

    /// The proper name in characters of any language.
    int AI_CANONIDN = 128;

    /// The service is a number.
    int AI_NUMERICSERV = 1024;
}
