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

    /// Why a lookup found nothing: the host has no address of that family; PHP 8.6.
    int EAI_ADDRFAMILY = -9;

    /// Why a lookup found nothing: nobody answers for now; PHP 8.6.
    int EAI_AGAIN = -3;

    /// Why a lookup found nothing: all requests are done; PHP 8.6.
    int EAI_ALLDONE = -103;

    /// Why a lookup found nothing: flags that there are not; PHP 8.6.
    int EAI_BADFLAGS = -1;

    /// Why a lookup found nothing: the request was given up; PHP 8.6.
    int EAI_CANCELED = -101;

    /// Why a lookup found nothing: the server failed; PHP 8.6.
    int EAI_FAIL = -4;

    /// Why a lookup found nothing: a family that there is not; PHP 8.6.
    int EAI_FAMILY = -6;

    /// Why a lookup found nothing: a host in characters that cannot be written; PHP 8.6.
    int EAI_IDN_ENCODE = -105;

    /// Why a lookup found nothing: the request goes on; PHP 8.6.
    int EAI_INPROGRESS = -100;

    /// Why a lookup found nothing: a signal interrupted it; PHP 8.6.
    int EAI_INTR = -104;

    /// Why a lookup found nothing: the host has no address; PHP 8.6.
    int EAI_NODATA = -5;

    /// Why a lookup found nothing: there is no such host, or no such service; PHP 8.6.
    int EAI_NONAME = -2;

    /// Why a lookup found nothing: the request could not be given up; PHP 8.6.
    int EAI_NOTCANCELED = -102;

    /// Why a lookup found nothing: there is no room for it; PHP 8.6.
    int EAI_OVERFLOW = -12;

    /// Why a lookup found nothing: there is no such service of that type; PHP 8.6.
    int EAI_SERVICE = -8;

    /// Why a lookup found nothing: a type that there is not; PHP 8.6.
    int EAI_SOCKTYPE = -7;

    /// Why a lookup found nothing: a system call failed; PHP 8.6.
    int EAI_SYSTEM = -11;
}
