// Empty: the library of this source carries the precompiled headers.
