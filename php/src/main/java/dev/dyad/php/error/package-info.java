/// How PHP says that a call failed or that an argument is wrong: error slots, warnings and errors.
///
/// [Errors][dev.dyad.php.error.Errors] notes what a call answered, and [Arguments][dev.dyad.php.error.Arguments]
/// refuses what a function cannot be called with.
package dev.dyad.php.error;
