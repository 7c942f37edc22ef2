"""What the cells of a column mean: types, amounts, dates, signs and the questions they leave."""
