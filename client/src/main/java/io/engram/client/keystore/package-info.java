/** Key files: plain, and encrypted under a password as in Web3 Secret Storage version 3. */
@NullMarked
package io.engram.client.keystore;

import org.jspecify.annotations.NullMarked;
