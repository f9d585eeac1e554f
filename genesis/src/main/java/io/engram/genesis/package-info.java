/** Value types that every module speaks: addresses, hashes and amounts. */
@NullMarked
package io.engram.genesis;

import org.jspecify.annotations.NullMarked;
