'use strict';

// For trying the form by hand: answers after a moment; "admin" is taken, "error" fails, more than 40 seats are refused.
if (!window.backend) {
  const later = (answer) => new Promise((resolve, reject) => setTimeout(() => answer(resolve, reject), 800));
  window.backend = {
    checkUsername: (name) => later((resolve, reject) => (name === 'error' ? reject(new Error('offline')) : resolve(name !== 'admin'))),
    submit: (data) => later((resolve, reject) => (data.seats > 40 ? reject(new Error('Too many seats for us.')) : resolve())),
  };
}
